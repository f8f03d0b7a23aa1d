import type { SextantError } from '#errors';
import type { Warning } from '#volume';
import type { BrokenInstance, Scanned } from '../instance.ts';
import { withoutCopies } from './copies.ts';
import {
  type Amiss,
  brokenFailure,
  irregularFailure,
  isLost,
  lostFailure,
  offLineFailure,
  unreadableFailure,
} from './failures.ts';
import { geometryOf, unplacedGeometry } from './geometry.ts';
import { grouped } from './grouped.ts';
import { nameFiles, uniqueNames } from './names.ts';
import type { SeriesInfo, SeriesPlan, VolumePlan } from './plan.ts';
import { type Slice, slicesOf } from './slice.ts';
import { splitIntoVolumes, type Volumes } from './split.ts';
import { isRegular, type Stack } from './stack.ts';
import { BrokenFiles } from './strays.ts';
import { unevenOf } from './uneven.ts';
import { voxelsOf } from './voxels-of.ts';

/** A plan before it has a name that no other has. */
type Unnamed = Omit<SeriesPlan, 'name'> & { readonly wish: readonly string[] };

/**
 * Says which volumes a set of files makes (PS3.3 has no word for it: what one grid can hold), each with
 * the reason when it makes none. Pure; the order of the files does not matter. A file that cannot be read
 * is a failure of every volume of its series with files in its folder, or, where its series is not known, of
 * every series there; and so is an image of the series that has lost its place: never a shorter volume.
 */
export function planSeries(scanned: readonly Scanned[]): SeriesPlan[] {
  const instances = scanned.flatMap((one) => (one.what === 'instance' ? [one.instance] : []));
  const broken = new BrokenFiles(
    scanned.flatMap((one) => (one.what === 'broken' ? [one.broken] : [])),
  );
  const ordered = instances.sort(
    (a, b) =>
      (a.seriesNumber ?? 0) - (b.seriesNumber ?? 0) ||
      compare(a.seriesUid, b.seriesUid) ||
      (a.instanceNumber ?? 0) - (b.instanceNumber ?? 0) ||
      compare(a.sopInstanceUid, b.sopInstanceUid) ||
      compare(a.name, b.name),
  );
  const slices = ordered.flatMap(slicesOf);
  const amiss = { broken, lost: slices.filter(isLost) };
  const plans = splitIntoVolumes(slices).flatMap((volumes) => plansOf(volumes, amiss));
  return uniqueNames([...plans, ...broken.rest().map(lostPlan)]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Images without a place in space are a volume each: nothing says that they belong together. */
function plansOf({ stack, slices, elsewhere }: Volumes, amiss: Amiss): Unnamed[] {
  if (stack !== undefined) {
    const plan = stackPlan(stack, slices, amiss);
    return [{ ...plan, warnings: [...plan.warnings, ...elsewhereWarning(elsewhere)] }];
  }
  const byInstance = grouped(slices, ({ instance }) => instance.path);
  return [...byInstance.values()].map((frames) => unplacedPlan(frames, amiss));
}

function elsewhereWarning(folders: readonly string[]): Warning[] {
  if (folders.length === 0) return [];
  const more = folders.length > 5 ? ` and ${folders.length - 5} more` : '';
  const message = `the series has other images in ${folders.slice(0, 5).join(', ')}${more}: they were not taken for a part of this volume`;
  return [{ reason: 'SERIES_ELSEWHERE', message }];
}

function stackPlan(given: Stack, slices: readonly Slice[], amiss: Amiss): Unnamed {
  const { stack, copies, changes } = withoutCopies(given);
  const about = aboutPlan(slices);
  const failure =
    brokenFailure(about, amiss) ?? lostFailure(slices, amiss) ?? irregularFailure(stack);
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
    copies,
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
    copies: [],
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

/** A file of which not even the series is known. */
function lostPlan(broken: BrokenInstance): Unnamed {
  return {
    wish: nameFiles({ name: broken.name }),
    series: { modality: '', seriesInstanceUid: broken.seriesUid ?? '', instanceCount: 1 },
    fileNames: [broken.name],
    changes: [],
    warnings: [],
    failure: unreadableFailure(broken),
  };
}

function timeStepOf({ instance }: Slice): number | undefined {
  const { repetitionTimeMs } = instance;
  if (repetitionTimeMs === undefined || repetitionTimeMs <= 0) return undefined;
  return repetitionTimeMs / 1000;
}
