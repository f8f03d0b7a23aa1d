import { basename } from 'node:path';
import { folderOf, UniqueNames } from '#volume';
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

/** Gives every one a name that no other of its folder has, whatever the case of letters. */
export function uniqueNames<
  T extends { readonly wish: readonly string[]; readonly fileNames: readonly string[] },
>(plans: readonly T[]): (Omit<T, 'wish'> & { name: string })[] {
  const placed = plans.map((plan) => ({ plan, folder: `${folderOf(plan.fileNames)}/` }));
  const firstOf = ({ plan, folder }: (typeof placed)[number]) =>
    folder + (plan.wish[0]?.toLowerCase() ?? '');
  const firsts = new Map<string, number>();
  for (const one of placed) firsts.set(firstOf(one), (firsts.get(firstOf(one)) ?? 0) + 1);
  const names = new UniqueNames();
  return placed.map((one) => {
    const { wish, ...plan } = one.plan;
    const wished = firsts.get(firstOf(one)) === 1 ? (wish[0] ?? '') : wish.join('_');
    return { ...plan, name: names.take(one.folder + wished).slice(one.folder.length) };
  });
}
