import { REASONS, type Reason, SextantError } from '#errors';
import type { Warning } from '#volume';
import type { BrokenInstance, Instance, Scanned } from '../instance.ts';
import { geometryOf, unplacedGeometry } from './geometry.ts';
import { nameFiles, uniqueNames } from './names.ts';
import type { SeriesInfo, SeriesPlan, VolumePlan } from './plan.ts';
import { type Slice, slicesOf } from './slice.ts';
import { splitIntoVolumes, type Volumes } from './split.ts';
import { isInOneTime, isRegular, type Stack } from './stack.ts';
import { brokenOf } from './strays.ts';
import { unevenOf } from './uneven.ts';
import { voxelsOf } from './voxels-of.ts';

/** A plan before it has a name that no other has. */
type Unnamed = Omit<SeriesPlan, 'name'> & { readonly wish: readonly string[] };

/** Slices may lie beside the line through the first and the last by this part of a pixel. */
const BESIDE_PIXELS = 0.5;

/**
 * Says which volumes a set of files makes (PS3.3 has no word for it: what one grid can hold), each with
 * the reason when it makes none. Pure; the order of the files does not matter. A file that cannot be read
 * is a failure of every volume of its series, or, where its series is not known, of every series that has
 * images in its folder; and so is an image of the series that has lost its place: never a shorter volume.
 */
export function planSeries(scanned: readonly Scanned[]): SeriesPlan[] {
  const instances = scanned.flatMap((one) => (one.what === 'instance' ? [one.instance] : []));
  const broken = scanned.flatMap((one) => (one.what === 'broken' ? [one.broken] : []));
  const ordered = instances.sort(
    (a, b) =>
      (a.seriesNumber ?? 0) - (b.seriesNumber ?? 0) ||
      compare(a.seriesUid, b.seriesUid) ||
      (a.instanceNumber ?? 0) - (b.instanceNumber ?? 0) ||
      compare(a.sopInstanceUid, b.sopInstanceUid) ||
      compare(a.name, b.name),
  );
  const groups = splitIntoVolumes(ordered.flatMap(slicesOf));
  const unplaced = groups.flatMap(({ stack, slices }) => (stack === undefined ? slices : []));
  const plans = groups.flatMap((group) => plansOf(group, { broken, unplaced }));
  const told = new Set(
    seriesOf(instances).flatMap((series) => brokenOf(series, broken).map(({ path }) => path)),
  );
  const lost = broken.filter(({ path }) => !told.has(path));
  return uniqueNames([...plans, ...lost.map(lostPlan)]);
}

function seriesOf(instances: readonly Instance[]): { uid: string; fileNames: string[] }[] {
  const names = new Map<string, string[]>();
  for (const { seriesUid, name } of instances) {
    const known = names.get(seriesUid);
    if (known === undefined) names.set(seriesUid, [name]);
    else known.push(name);
  }
  return [...names].map(([uid, fileNames]) => ({ uid, fileNames }));
}

/** What is wrong with a series, whichever of its volumes is planned. */
interface Amiss {
  readonly broken: readonly BrokenInstance[];
  /** Slices that no file places. */
  readonly unplaced: readonly Slice[];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Images without a place in space are a volume each: nothing says that they belong together. */
function plansOf({ stack, slices }: Volumes, amiss: Amiss): Unnamed[] {
  if (stack !== undefined) return [stackPlan(stack, slices, amiss)];
  const byInstance = new Map<string, Slice[]>();
  for (const slice of slices) {
    const known = byInstance.get(slice.instance.path);
    if (known === undefined) byInstance.set(slice.instance.path, [slice]);
    else known.push(slice);
  }
  return [...byInstance.values()].map((frames) => unplacedPlan(frames, amiss));
}

function stackPlan(given: Stack, slices: readonly Slice[], amiss: Amiss): Unnamed {
  const { stack, changes } = withoutCopies(given);
  const about = aboutPlan(slices);
  const failure =
    brokenFailure(about, amiss) ?? unplacedFailure(slices, amiss) ?? irregularFailure(stack);
  if (failure !== undefined) return { ...about, changes, warnings: [], failure };
  const places = isRegular(stack) ? stack.places : stack.places.map(([first]) => [first as Slice]);
  const voxels = voxelsOf(slices);
  const geometry = geometryOf(stack);
  const besideMm = geometry.spread?.besideMm ?? 0;
  const offLine = offLineFailure(stack, besideMm);
  if ('subject' in voxels || offLine !== undefined) {
    const why = offLine ?? (voxels as SextantError);
    return { ...about, changes, warnings: geometry.warnings, failure: why };
  }
  const [first] = slices as [Slice];
  const times = places[0]?.length ?? 1;
  const volume: VolumePlan = {
    shape: [first.columns, first.rows, places.length],
    times,
    slices: Array.from({ length: times }, (_, time) =>
      places.map((place) => place[time] as Slice),
    ).flat(),
    affine: geometry.affine,
    type: voxels.type,
    rescale: voxels.rescale,
    timeStepSeconds: times > 1 ? timeStepOf(first) : undefined,
    tiltDegrees: geometry.tiltDegrees,
    uneven:
      isRegular(stack) && geometry.spread?.unevenMm === undefined
        ? undefined
        : unevenOf(stack, geometry.spread),
  };
  return {
    ...about,
    volume,
    changes: [...changes, ...voxels.changes],
    warnings: [...geometry.warnings, ...voxels.warnings],
  };
}

function unplacedPlan(slices: readonly Slice[], amiss: Amiss): Unnamed {
  const [first] = slices as [Slice];
  const about = aboutPlan(slices);
  const geometry = unplacedGeometry(first);
  const voxels = voxelsOf(slices);
  const failure = brokenFailure(about, amiss) ?? ('subject' in voxels ? voxels : undefined);
  if (failure !== undefined || 'subject' in voxels) {
    return { ...about, changes: [], warnings: [], failure };
  }
  const volume: VolumePlan = {
    shape: [first.columns, first.rows, 1],
    times: slices.length,
    slices,
    affine: geometry.affine,
    type: voxels.type,
    rescale: voxels.rescale,
  };
  return {
    ...about,
    volume,
    changes: voxels.changes,
    warnings: [...geometry.warnings, ...voxels.warnings],
  };
}

function aboutPlan(slices: readonly Slice[]): Omit<Unnamed, 'changes' | 'warnings'> {
  const [first] = slices as [Slice];
  const { instance, about } = first;
  const fileNames = [...new Set(slices.map((slice) => slice.instance.name))];
  const series: SeriesInfo = {
    modality: instance.modality,
    seriesNumber: instance.seriesNumber,
    seriesDescription: instance.seriesDescription,
    seriesInstanceUid: instance.seriesUid,
    instanceCount: fileNames.length,
  };
  return { series, fileNames, wish: nameFiles(instance, about) };
}

/** The same object under two names is one: the copy goes. */
function withoutCopies(stack: Stack): { stack: Stack; changes: Warning[] } {
  const dropped: string[] = [];
  const places = stack.places.map((place) => {
    if (place.length === 1) return place;
    const seen = new Set<string>();
    return place.filter(({ instance: { sopInstanceUid, name }, frame, tile }) => {
      const id = `${sopInstanceUid} ${frame} ${tile}`;
      const isCopy = sopInstanceUid !== '' && seen.has(id);
      seen.add(id);
      if (isCopy) dropped.push(name);
      return !isCopy;
    });
  });
  if (dropped.length === 0) return { stack, changes: [] };
  const names = [...new Set(dropped)].slice(0, 10).join(', ');
  const message = `${dropped.length} slices were copies of others and left out: ${names}`;
  return { stack: { ...stack, places }, changes: [{ reason: 'DUPLICATES_DROPPED', message }] };
}

/** Some places have fewer slices than most: volumes in time of which a part is missing. */
function irregularFailure({ places, heightsMm }: Stack): SextantError | undefined {
  const counts = places.map(({ length }) => length).sort((a, b) => a - b);
  const usual = counts[Math.floor(counts.length / 2)] ?? 1;
  if (usual === 1) return undefined;
  if (counts[0] === counts.at(-1)) return mixedFailure({ places, heightsMm });
  const odd = places.flatMap(({ length }, n) =>
    length === usual ? [] : [`${length} at ${Number(heightsMm[n]?.toFixed(3))} mm`],
  );
  return new SextantError('SERIES_INCOMPLETE', {
    subject: 'slices',
    got: odd.slice(0, 10).join(', '),
    expected: `${usual} at every one of ${places.length} places`,
    remedy: 'bring the missing files, or leave the incomplete volume out',
  });
}

/** As many slices everywhere, but the volumes cannot be told apart: their b-values differ from place to place. */
function mixedFailure(stack: Pick<Stack, 'places' | 'heightsMm'>): SextantError | undefined {
  if (isInOneTime(stack)) return undefined;
  const valuesAt = (place: readonly Slice[]) =>
    [...new Set(place.map(({ about }) => about.bValue ?? 'none'))].join(', ');
  const [first = [], ...others] = stack.places;
  const other = others.findIndex((place) => valuesAt(place) !== valuesAt(first));
  return new SextantError('SERIES_INCOMPLETE', {
    subject: 'slices',
    got: `b-values ${valuesAt(others[other] ?? first)} at ${Number(stack.heightsMm[other + 1]?.toFixed(3))} mm`,
    expected: `the same volumes at every place: b-values ${valuesAt(first)}`,
    remedy: 'bring the missing files, or leave the incomplete volume out',
  });
}

function offLineFailure({ places }: Stack, besideMm: number): SextantError | undefined {
  const pixelMm = Math.min(...(places[0]?.[0]?.about.pixelSpacingMm ?? [1, 1]));
  if (besideMm <= BESIDE_PIXELS * pixelMm) return undefined;
  return new SextantError('SERIES_UNEVEN', {
    subject: 'slices',
    got: `parallel slices that lie up to ${besideMm.toFixed(2)} mm beside one line`,
    expected: 'slices on one line, which a grid can hold',
    remedy: 'convert them one by one',
  });
}

function brokenFailure(
  { series, fileNames }: Pick<Unnamed, 'series' | 'fileNames'>,
  { broken }: Amiss,
): SextantError | undefined {
  const own = brokenOf({ uid: series.seriesInstanceUid, fileNames }, broken);
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

/** An image that is like those of the volume in everything, except that no position or orientation is read. */
function unplacedFailure([slice]: readonly Slice[], { unplaced }: Amiss): SextantError | undefined {
  const lost = unplaced.filter(
    ({ instance, rows, columns }) =>
      instance.seriesUid === slice?.instance.seriesUid &&
      rows === slice.rows &&
      columns === slice.columns &&
      instance.pixels.photometric === slice.instance.pixels.photometric,
  );
  const [first] = lost;
  if (first === undefined) return undefined;
  const more = lost.length > 1 ? ` (and ${lost.length - 1} more)` : '';
  return new SextantError('SERIES_INCOMPLETE', {
    subject: first.instance.name,
    got: `no position or orientation that can be read${more}`,
    expected:
      'three numbers in (0020,0032) and six in (0020,0037), as other slices of the series have',
    remedy: 'export the series again, or take the file out of it',
  });
}

/** A file of which not even the series is known. */
function lostPlan({ name, reason, message, seriesUid }: BrokenInstance): Unnamed {
  return {
    wish: nameFiles({ name }),
    series: { modality: '', seriesInstanceUid: seriesUid ?? '', instanceCount: 1 },
    fileNames: [name],
    changes: [],
    warnings: [],
    failure: new SextantError(reason in REASONS ? (reason as Reason) : 'VOLUME_CORRUPT', {
      subject: name,
      got: message,
      expected: 'a whole DICOM file',
      remedy: 'copy or export the file again',
    }),
  };
}

function timeStepOf({ instance }: Slice): number | undefined {
  const { repetitionTimeMs } = instance;
  if (repetitionTimeMs === undefined || repetitionTimeMs <= 0) return undefined;
  return repetitionTimeMs / 1000;
}
