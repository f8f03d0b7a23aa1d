import type { Slice } from './slice.ts';

/** What a slice says of which volume of several at one place it belongs to; undefined where it says nothing. */
type Teller = (slice: Slice) => readonly number[] | undefined;

/** DimensionIndexPointers that say where a frame lies: stack, place in it, position. */
const SPATIAL = ['x00209056', 'x00209057', 'x00200032', 'x00209301'];

/** Those of times that were measured, which differ a little from place to place. */
const MEASURED = ['x00209153', 'x00189074', 'x00189151', 'x00181060', 'x00209251', 'x00209252'];

const NO_VOLUME = new Set([...SPATIAL, ...MEASURED]);

/** Its indices in dimensions that tell volumes apart (PS3.3 C.7.6.17). */
const byDimensions: Teller = ({ instance: { dimensionPointers }, about: { dimensionIndex } }) => {
  if (dimensionPointers === undefined || dimensionIndex?.length !== dimensionPointers.length) {
    return undefined;
  }
  const indices = dimensionIndex.filter((_, n) => !NO_VOLUME.has(dimensionPointers[n] ?? ''));
  return indices.length === 0 ? undefined : indices;
};

const byTemporalPosition: Teller = ({ about }) => listed(about.temporalPosition);

/** Numbers that are given to volumes; the same ones stand at every place, or a volume has a hole. */
const COUNTED: readonly Teller[] = [byTemporalPosition, byDimensions];

/**
 * The most telling first. Times that were measured, and numbers of acquisitions, are of use where they are the
 * same at every place.
 */
const TELLERS: readonly Teller[] = [
  ...COUNTED,
  ({ about }) => listed(about.temporalOffsetSeconds),
  ({ about }) => listed(about.triggerTimeMs),
  ({ instance }) => listed(instance.acquisitionNumber),
  ({ instance }) => listed(instance.frameReferenceTimeMs),
  ({ instance }) => listed(instance.acquisitionSeconds),
  ({ instance }) => listed(instance.contentSeconds),
];

function listed(value: number | undefined): readonly number[] | undefined {
  return value === undefined ? undefined : [value];
}

/**
 * The slices of each place in the order of time: by what tells the volumes apart in the same way at every
 * place; by instance numbers where nothing does.
 */
export function inTime(places: readonly (readonly Slice[])[]): Slice[][] {
  if (places.every(({ length }) => length === 1)) return places.map((place) => [...place]);
  const teller = TELLERS.find((tell) => tellsApart(tell, places));
  return places.map((place) =>
    place.toSorted(
      (a, b) =>
        (teller === undefined ? 0 : compareNumbers(teller(a) ?? [], teller(b) ?? [])) ||
        byNumber(a, b) ||
        (a.instance.sopInstanceUid < b.instance.sopInstanceUid ? -1 : 1),
    ),
  );
}

/**
 * The first place whose volumes are others than those of the first place, though numbers that were given to
 * volumes stand in every slice: one of them lacks a slice here and another one elsewhere.
 */
export function oddPlace(places: readonly (readonly Slice[])[]): number | undefined {
  for (const tell of COUNTED) {
    const told = places.map((place) => textsOf(tell, place));
    const [first] = told;
    if (first === undefined || told.includes(undefined) || !countVolumes(told as string[][])) {
      continue;
    }
    const odd = told.findIndex((texts) => String(texts) !== String(first));
    if (odd >= 0) return odd;
  }
  return undefined;
}

/** Whether the slices that have one number at all places are of one volume: b-value and direction are the same. */
export function isInOneTime(places: readonly (readonly Slice[])[]): boolean {
  const [first = []] = places;
  return places.every((place) =>
    place.every((slice, time) => {
      const other = first[time];
      return other !== undefined && byDiffusion(slice, other) === 0;
    }),
  );
}

/** By b-value, then by direction, each to a part of what scanners tell apart. */
export function byDiffusion({ about: a }: Slice, { about: b }: Slice): number {
  const [first, second] = [a.bDirectionLps ?? [0, 0, 0], b.bDirectionLps ?? [0, 0, 0]];
  const steps = [
    (a.bValue ?? -1) - (b.bValue ?? -1),
    ...first.map((along, axis) => along - (second[axis] ?? 0)),
  ];
  return steps.find((step) => Math.abs(step) > SAME_DIFFUSION) ?? 0;
}

/** b-values are whole numbers of s/mm²; directions are written with three decimals or more. */
const SAME_DIFFUSION = 0.01;

/** The volumes that a place's slices say they are of, for people. */
export function volumesAt(place: readonly Slice[]): string {
  const tell = COUNTED.find((one) => textsOf(one, place) !== undefined);
  return (tell === undefined ? [] : (textsOf(tell, place) ?? [])).join(', ');
}

/** Whether each slice of a place says another thing than the others, and all places say the same things. */
function tellsApart(tell: Teller, places: readonly (readonly Slice[])[]): boolean {
  const [first = []] = places;
  const texts = textsOf(tell, first);
  if (texts === undefined || new Set(texts).size !== first.length) return false;
  return places.every((place) => String(textsOf(tell, place)) === String(texts));
}

/** Sorted; undefined when a slice says nothing. */
function textsOf(tell: Teller, place: readonly Slice[]): string[] | undefined {
  const told = place.map(tell);
  if (told.includes(undefined)) return undefined;
  return (told as (readonly number[])[]).toSorted(compareNumbers).map((one) => one.join('-'));
}

/** Numbers that no two places share count slices; those that a place has twice count something else. */
function countVolumes(told: readonly (readonly string[])[]): boolean {
  const distinct = new Set(told.flat());
  const count = told.reduce((sum, { length }) => sum + length, 0);
  const isOnce = told.every((texts) => new Set(texts).size === texts.length);
  return isOnce && distinct.size > 1 && distinct.size < count;
}

/** A place of which two slices say nothing that tells them apart: any order of them would be a guess. */
export function mixedPlace(places: readonly (readonly Slice[])[]): number | undefined {
  if (TELLERS.some((tell) => tellsApart(tell, places))) return undefined;
  const mixed = places.findIndex((place) =>
    place.some((slice, n) => {
      const before = place[n - 1];
      if (before === undefined) return false;
      return byNumber(before, slice) === 0 && byDiffusion(before, slice) === 0;
    }),
  );
  return mixed < 0 ? undefined : mixed;
}

function byNumber(a: Slice, b: Slice): number {
  return (
    by(a.about.temporalPosition, b.about.temporalPosition) ||
    by(a.instance.instanceNumber, b.instance.instanceNumber) ||
    by(a.about.triggerTimeMs, b.about.triggerTimeMs) ||
    a.frame - b.frame
  );
}

function by(a: number | undefined, b: number | undefined): number {
  return a === undefined || b === undefined ? 0 : a - b;
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (const [n, value] of a.entries()) {
    const step = value - (b[n] ?? 0);
    if (step !== 0) return step;
  }
  return 0;
}
