import type { Uneven } from './plan.ts';
import type { Spread, Stack } from './stack.ts';

/**
 * Findings that are named; a scout of a thousand slices would fill a page.
 * @internal
 */
const MOST_FINDINGS = 8;

/** A gap this much wider than the smallest distance is one where slices are missing. */
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
  const findings = [
    ...duplicates,
    ...(spread?.unevenMm === undefined ? [] : gaps(stack, positionsMm)),
  ];
  const shown = findings.slice(0, MOST_FINDINGS);
  const rest = findings.length - shown.length;
  return { positionsMm, findings: rest > 0 ? [...shown, `${rest} more`] : shown };
}

function duplicateText({ places, heightsMm }: Stack, n: number): string {
  const names = (places[n] ?? []).map(({ instance }) => instance.name).join(', ');
  return `${places[n]?.length} slices at ${mm(heightsMm[n])}: ${names}`;
}

function gaps({ heightsMm }: Stack, positionsMm: readonly number[]): string[] {
  const steps = positionsMm.slice(1).map((position, n) => position - (positionsMm[n] as number));
  const smallest = Math.min(...steps);
  const wide = steps.flatMap((step, n) => {
    if (step < GAP_PART * smallest) return [];
    const steps = step / smallest;
    // A whole number of steps: slices were left out. Otherwise the distance has changed.
    const isGap = Math.abs(steps - Math.round(steps)) < GAP_SLACK;
    const missing = isGap ? ` (${Math.round(steps) - 1} missing)` : '';
    const between = `between ${mm(heightsMm[n])} and ${mm(heightsMm[n + 1])}`;
    return [`${mm(step)} instead of ${mm(smallest)} ${between}${missing}`];
  });
  if (wide.length > 0) return wide;
  return [`distances from ${mm(smallest)} to ${mm(Math.max(...steps))}`];
}

function mm(value: number | undefined): string {
  return `${Number((value ?? 0).toFixed(3))} mm`;
}
