import { byFolders, type Joined } from './by-folders.ts';
import { grouped } from './grouped.ts';
import type { Slice } from './slice.ts';
import { isRegular, type Stack, stackOf } from './stack.ts';

/** Cosines that differ by less have been rounded differently; so has spacing, by this part of it. */
const SAME_COSINE = 1e-3;
const SAME_SPACING = 1e-4;

/** What two slices of one volume have in common, to the letter. */
function keyOf({ instance, rows, columns, about, tile, position }: Slice): string {
  const { pixels, seriesUid, studyUid, echoNumber, coil, units } = instance;
  const { orientation, pixelSpacingMm, stackId, echoTimeMs, component } = about;
  return JSON.stringify([
    studyUid,
    seriesUid,
    rows,
    columns,
    orientation === undefined || position === undefined,
    pixelSpacingMm === undefined,
    [pixels.samplesPerPixel, pixels.bitsAllocated, pixels.isSigned, pixels.sampleKind],
    isColour(pixels.photometric),
    stackId,
    echoTimeMs,
    echoNumber,
    component,
    coil,
    units,
    tile !== undefined,
  ]);
}

function isColour(photometric: string): boolean {
  return !photometric.startsWith('MONOCHROME');
}

/**
 * What sets volumes apart only where slices would else lie in one place: a reconstruction may change its
 * type or acquisition in the middle of a volume, and who makes images anonymous may give every slice a
 * frame of reference of its own.
 */
const SOMETIMES: readonly ((slice: Slice) => unknown)[] = [
  ({ about }) => about.imageType.join('\\'),
  ({ instance }) => instance.acquisitionNumber,
  ({ instance }) => instance.frameOfReferenceUid,
  ({ instance }) => instance.sequenceName,
  ({ instance }) => instance.seriesDescription,
];

export interface Volumes {
  /** Slices of one volume, or of one series of volumes in time; undefined: without places. */
  readonly stack: Stack | undefined;
  readonly slices: readonly Slice[];
  /** Folders with other slices of the series, which may or may not be of the same volume. */
  readonly elsewhere: readonly string[];
}

/** Parts slices into volumes, in the order in which they were first met. */
export function splitIntoVolumes(slices: readonly Slice[]): Volumes[] {
  return [...grouped(slices, keyOf).values()]
    .flatMap(byGrid)
    .flatMap(byFolders)
    .flatMap(splitFurther);
}

/**
 * Parts slices by orientation and spacing, each as near to the first of its part as rounding leaves it. Those
 * that are near have numbers that are near, so that only neighbours are compared.
 */
function byGrid(slices: readonly Slice[]): Slice[][] {
  const parts: Slice[][] = [];
  const near = new Map<number, Slice[][]>();
  for (const slice of slices) {
    const place = gridNumber(slice);
    const candidates = [place - 1, place, place + 1].flatMap((at) => near.get(at) ?? []);
    const part = candidates.find(([first]) => first !== undefined && isOneGrid(first, slice));
    if (part !== undefined) {
      part.push(slice);
      continue;
    }
    const made = [slice];
    parts.push(made);
    near.set(place, [...(near.get(place) ?? []), made]);
  }
  return parts;
}

/** A weighted sum of the cosines, in steps that no two slices of one grid are farther apart than one of. */
function gridNumber({ about: { orientation } }: Slice): number {
  const cosines = orientation?.flat() ?? [];
  const sum = cosines.reduce((total, cosine, n) => total + cosine * (WEIGHTS[n] ?? 0), 0);
  return Math.floor(sum / (SAME_COSINE * WEIGHTS.reduce((total, weight) => total + weight)));
}

/** Of no simple ratio, so that directions that differ have sums that do. */
const WEIGHTS = [1, Math.SQRT2, 1.732, 2.236, 2.646, 3.317];

function isOneGrid({ about: a }: Slice, { about: b }: Slice): boolean {
  const cosines = b.orientation?.flat() ?? [];
  const isTurned = a.orientation
    ?.flat()
    .some((cosine, n) => Math.abs(cosine - (cosines[n] ?? 0)) > SAME_COSINE);
  const isScaled = a.pixelSpacingMm?.some(
    (spacing, n) => Math.abs(spacing / (b.pixelSpacingMm?.[n] ?? 0) - 1) > SAME_SPACING,
  );
  return !isTurned && !isScaled;
}

function splitFurther({ slices, elsewhere }: Joined): Volumes[] {
  const stack = stackOf(slices);
  const isSingle = stack?.places.every(({ length }) => length === 1);
  if (stack === undefined || isSingle) return [{ stack, slices, elsewhere }];
  for (const [n, read] of SOMETIMES.entries()) {
    const parts = [...grouped(slices, (slice) => String(read(slice))).values()];
    if (parts.length === 1) continue;
    const stacks = parts.map(stackOf);
    // The acquisition number counts volumes in time, which belong together when all is regular.
    if (n > 0 && isRegular(stack)) break;
    if (stacks.every((part) => part !== undefined && isRegular(part) && covers(part, stack, n))) {
      return parts.map((part, at) => ({ stack: stacks[at], slices: part, elsewhere }));
    }
  }
  return [{ stack, slices, elsewhere }];
}

/** An image type of its own has to be a volume of its own: as many places as the whole. */
function covers(part: Stack, whole: Stack, rule: number): boolean {
  return rule > 0 || part.places.length === whole.places.length || part.places.length > 1;
}
