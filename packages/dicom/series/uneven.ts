import type { Uneven } from './plan.ts';
import type { Spread, Stack } from './stack.ts';

/**
 * Findings that are named; a scout of a thousand slices would fill a page.
 * @internal
 */
const MOST_FINDINGS = 8;

/**
 * Distances of a series that a message lists.
 * @internal
 */
const MOST_DISTANCES = 4;

/** Distances that differ by less than this part are one. */
const SAME_PART = 0.02;

/** A gap this much wider than the usual distance is one where slices are missing. */
const GAP_PART = 1.5;

/** How far from a whole number of steps a gap may be. */
const GAP_SLACK = 0.1;

/**
 * What is not even about the places of a stack, in words with positions along the normal; undefined when
 * nothing is.
 */
export function unevenOf(stack: Stack, spread: Spread | undefined): Uneven | undefined {
  const duplicates = stack.places.flatMap((place, n) =>
    place.length === 1 ? [] : [duplicateText(stack, n)],
  );
  if (spread?.unevenMm === undefined && duplicates.length === 0) return undefined;
  const stepMm = spread === undefined ? 0 : Math.hypot(...spread.stepLps);
  const positionsMm = spread?.unevenMm ?? stack.heightsMm.map((_, n) => n * stepMm);
  const findings = [...duplicates, ...(spread?.unevenMm === undefined ? [] : gaps(stack))];
  const shown = findings.slice(0, MOST_FINDINGS);
  const rest = findings.length - shown.length;
  return { positionsMm, findings: rest > 0 ? [...shown, `${rest} more`] : shown };
}

function duplicateText({ places, heightsMm }: Stack, n: number): string {
  const names = (places[n] ?? []).map(({ instance }) => instance.name).join(', ');
  return `${places[n]?.length} slices at ${mm(heightsMm[n])}: ${names}`;
}

/** Along the normal, as the positions are: the usual distance, and every gap that differs from it. */
function gaps({ heightsMm }: Stack): string[] {
  const steps = heightsMm.slice(1).map((height, n) => height - (heightsMm[n] as number));
  const distances = distancesOf(steps);
  const usual = distances[0]?.mm ?? 0;
  const counted = distances.map(({ mm: step, count }) => `${mm(step)} (${times(count)})`);
  if (distances.length > MOST_DISTANCES) {
    const [least, most] = extremes(steps);
    const range = `from ${mm(least)} to ${mm(most)}`;
    return [`distances ${range}, most often ${counted.slice(0, MOST_DISTANCES).join(', ')}`];
  }
  const odd = runsOf(steps)
    .filter(({ mm: step }) => !isSame(step, usual))
    .map(({ mm: step, first, count }) => {
      const ratio = step / usual;
      // A whole number of steps: slices were left out. Otherwise the distance has changed.
      const isGap = ratio >= GAP_PART && Math.abs(ratio - Math.round(ratio)) < GAP_SLACK;
      const missing = isGap ? ` (${(Math.round(ratio) - 1) * count} missing)` : '';
      const often = count === 1 ? '' : `, ${times(count)},`;
      const between = `between ${mm(heightsMm[first])} and ${mm(heightsMm[first + count])}`;
      return `${mm(step)} instead of ${mm(usual)}${often} ${between}${missing}`;
    });
  return [`distances of ${counted.join(', ')}`, ...odd];
}

function extremes(steps: readonly number[]): [least: number, most: number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const step of steps) {
    least = Math.min(least, step);
    most = Math.max(most, step);
  }
  return [least, most];
}

/** Neighbouring steps of one distance. */
function runsOf(steps: readonly number[]): { mm: number; first: number; count: number }[] {
  const runs: { mm: number; first: number; count: number }[] = [];
  for (const [first, step] of steps.entries()) {
    const last = runs.at(-1);
    if (last !== undefined && isSame(step, last.mm)) last.count += 1;
    else runs.push({ mm: step, first, count: 1 });
  }
  return runs;
}

interface Distance {
  readonly mm: number;
  count: number;
}

/** The distances that there are, the most frequent first, of equals the smallest. */
function distancesOf(steps: readonly number[]): Distance[] {
  const distances: Distance[] = [];
  for (const step of steps.toSorted((a, b) => a - b)) {
    const known = distances.find(({ mm: other }) => isSame(step, other));
    if (known === undefined) distances.push({ mm: step, count: 1 });
    else known.count += 1;
  }
  return distances.sort((a, b) => b.count - a.count || a.mm - b.mm);
}

function isSame(step: number, other: number): boolean {
  return Math.abs(step - other) <= SAME_PART * other;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function mm(value: number | undefined): string {
  return `${Number((value ?? 0).toFixed(3))} mm`;
}
