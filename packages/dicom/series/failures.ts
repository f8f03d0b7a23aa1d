import { posix } from 'node:path';
import { REASONS, type Reason, SextantError } from '#errors';
import type { BrokenInstance } from '../instance.ts';
import type { SeriesPlan } from './plan.ts';
import type { Slice } from './slice.ts';
import type { Stack } from './stack.ts';
import type { BrokenFiles } from './strays.ts';
import { isInOneTime, mixedPlace, oddPlace, volumesAt } from './time.ts';

/** What is wrong with a series, whichever of its volumes is planned. */
export interface Amiss {
  readonly broken: BrokenFiles;
  /** Slices that no file places, or of which none says how large their pixels are. */
  readonly lost: readonly Slice[];
}

/** Slices may lie beside the line through the first and the last by this part of a pixel. */
const BESIDE_PIXELS = 0.5;

const BRING_FILES = 'bring the missing files, or leave the incomplete volume out';

/** A file of the series, or of its folder, that cannot be read. */
export function brokenFailure(
  { series, fileNames }: Pick<SeriesPlan, 'series' | 'fileNames'>,
  { broken }: Amiss,
): SextantError | undefined {
  const own = broken.of(series.seriesInstanceUid, fileNames);
  const [first] = own;
  if (first === undefined) return undefined;
  const more = own.length > 1 ? ` (and ${own.length - 1} more)` : '';
  return new SextantError('SERIES_INCOMPLETE', {
    subject: first.name,
    got: `${first.reason}: ${first.message}${more}`,
    expected: 'every file of the series to be readable',
    remedy:
      first.seriesUid === undefined
        ? 'copy or export the series again; if the file is no part of it, take it out of the folder'
        : 'copy or export the series again',
  });
}

/** An image that is like those of the volume in everything, except that its place or its scale is not read. */
export function lostFailure(slices: readonly Slice[], { lost }: Amiss): SextantError | undefined {
  const [slice] = slices;
  if (slice === undefined || isLost(slice)) return undefined;
  const folders = new Set(slices.map(({ instance }) => posix.dirname(instance.name)));
  const own = lost.filter(
    ({ instance, rows, columns }) =>
      instance.seriesUid === slice.instance.seriesUid &&
      (folders.size > 1 || folders.has(posix.dirname(instance.name))) &&
      rows === slice.rows &&
      columns === slice.columns &&
      instance.pixels.photometric === slice.instance.pixels.photometric,
  );
  const [first] = own;
  if (first === undefined) return undefined;
  const more = own.length > 1 ? ` (and ${own.length - 1} more)` : '';
  const isPlaced = first.position !== undefined && first.about.orientation !== undefined;
  return new SextantError('SERIES_INCOMPLETE', {
    subject: first.instance.name,
    got: `no ${isPlaced ? 'pixel spacing' : 'position or orientation'} that can be read${more}`,
    expected: isPlaced
      ? 'two numbers above 0 in (0028,0030), as other slices of the series have'
      : 'three numbers in (0020,0032) and six in (0020,0037), as other slices of the series have',
    remedy: 'export the series again, or take the file out of it',
  });
}

/** Whether nothing says where a slice lies or how large its pixels are. */
export function isLost({ position, about }: Slice): boolean {
  return [position, about.orientation, about.pixelSpacingMm].includes(undefined);
}

/** Some places have fewer slices than most: volumes in time of which a part is missing. */
export function irregularFailure({ places, heightsMm }: Stack): SextantError | undefined {
  const counts = places.map(({ length }) => length).sort((a, b) => a - b);
  const usual = counts[Math.floor(counts.length / 2)] ?? 1;
  if (usual === 1) return undefined;
  if (counts[0] === counts.at(-1)) return mixedFailure({ places, heightsMm });
  const odd = places.flatMap(({ length }, n) =>
    length === usual ? [] : [`${length} at ${mm(heightsMm[n])}`],
  );
  return new SextantError('SERIES_INCOMPLETE', {
    subject: 'slices',
    got: odd.slice(0, 10).join(', '),
    expected: `${usual} at every one of ${places.length} places`,
    remedy: BRING_FILES,
  });
}

/** As many slices everywhere, but not of the same volumes: each place lacks one of another volume. */
function mixedFailure(stack: Pick<Stack, 'places' | 'heightsMm'>): SextantError | undefined {
  const { places, heightsMm } = stack;
  const [first = []] = places;
  const odd = oddPlace(places);
  if (odd !== undefined) {
    return new SextantError('SERIES_INCOMPLETE', {
      subject: 'slices',
      got: `volumes numbered ${volumesAt(places[odd] ?? [])} at ${mm(heightsMm[odd])}`,
      expected: `the same volumes at every place: ${volumesAt(first)}`,
      remedy: BRING_FILES,
    });
  }
  const mixed = mixedPlace(places);
  if (mixed !== undefined) {
    const names = places[mixed]?.slice(0, 5).map(({ instance }) => instance.name);
    return new SextantError('SERIES_INCOMPLETE', {
      subject: 'slices',
      got: `${places[mixed]?.length} at ${mm(heightsMm[mixed])} that nothing tells apart: ${names?.join(', ')}`,
      expected: 'a time, a number or a b-value that says of which volume each one is',
      remedy: 'give each volume a folder of its own and convert them one by one',
    });
  }
  if (isInOneTime(places)) return undefined;
  const valuesAt = (place: readonly Slice[]) =>
    [...new Set(place.map(({ about }) => about.bValue ?? 'none'))].join(', ');
  const other = places.findIndex((place) => valuesAt(place) !== valuesAt(first));
  return new SextantError('SERIES_INCOMPLETE', {
    subject: 'slices',
    got: `b-values ${valuesAt(places[other] ?? first)} at ${mm(heightsMm[Math.max(other, 0)])}`,
    expected: `the same volumes at every place: b-values ${valuesAt(first)}`,
    remedy: BRING_FILES,
  });
}

/** Parallel slices that no grid holds. */
export function offLineFailure({ places }: Stack, besideMm: number): SextantError | undefined {
  const pixelMm = Math.min(...(places[0]?.[0]?.about.pixelSpacingMm ?? [1, 1]));
  if (besideMm <= BESIDE_PIXELS * pixelMm) return undefined;
  return new SextantError('SERIES_UNEVEN', {
    subject: 'slices',
    got: `parallel slices that lie up to ${besideMm.toFixed(2)} mm beside one line`,
    expected: 'slices on one line, which a grid can hold',
    remedy: 'convert them one by one',
  });
}

/** A file of which not even the series is known. */
export function unreadableFailure({ name, reason, message }: BrokenInstance): SextantError {
  return new SextantError(reason in REASONS ? (reason as Reason) : 'VOLUME_CORRUPT', {
    subject: name,
    got: message,
    expected: 'a whole DICOM file',
    remedy: 'copy or export the file again',
  });
}

function mm(value: number | undefined): string {
  return `${Number((value ?? 0).toFixed(3))} mm`;
}
