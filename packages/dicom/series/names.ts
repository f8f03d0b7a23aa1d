import { basename } from 'node:path';
import type { Frame, Instance } from '../instance.ts';

/**
 * A name that every file system takes, with an ending.
 * @internal
 */
const LONGEST_NAME = 80;

/** What a volume would like to be called, the further words only where another has the first. */
export function nameFiles(instance: Partial<Instance> & { name: string }, about?: Frame): string[] {
  const { seriesNumber, seriesDescription, modality, echoNumber } = instance;
  const number = seriesNumber === undefined ? [] : [String(seriesNumber)];
  const words = [seriesDescription ?? modality ?? basename(instance.name).replace(/\.[^.]*$/, '')];
  const wishes = [safe([...number, ...words].join('_'))];
  if (about?.component !== undefined) wishes.push(safe(about.component.toLowerCase()));
  if (echoNumber !== undefined) wishes.push(`e${echoNumber}`);
  return wishes.map((wish) => wish || 'volume');
}

/** Letters, digits, '-' and '_': no path, no surprise in a shell. */
function safe(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9_-]+/g, '_')
    .replace(/_+/g, '_')
    .replace(/^[_-]+|_+$/g, '')
    .slice(0, LONGEST_NAME);
}

/** Gives every one a name that no other has, whatever the case of letters. */
export function uniqueNames<T extends { readonly wish: readonly string[] }>(
  plans: readonly T[],
): (Omit<T, 'wish'> & { name: string })[] {
  const firsts = new Map<string, number>();
  for (const { wish } of plans) {
    const first = wish[0]?.toLowerCase() ?? '';
    firsts.set(first, (firsts.get(first) ?? 0) + 1);
  }
  const taken = new Set<string>();
  const next = new Map<string, number>();
  return plans.map(({ wish, ...plan }) => {
    const isAlone = firsts.get(wish[0]?.toLowerCase() ?? '') === 1;
    const wished = isAlone ? (wish[0] ?? '') : wish.join('_');
    const key = wished.toLowerCase();
    let [name, n] = [wished, next.get(key) ?? 2];
    for (; taken.has(name.toLowerCase()); n++) name = `${wished}_${n}`;
    next.set(key, n);
    taken.add(name.toLowerCase());
    return { ...plan, name };
  });
}
