import { posix } from 'node:path';
import {
  type DicomWorkers,
  planSeries,
  type SeriesPlan,
  type SetApart,
  withStraysBroken,
} from '#dicom';
import { errnoWords, SextantError } from '#errors';
import { type ImageKind, imageKindOf, imageStem, withoutImageEnding } from '#volume';
import type { FoundVolume, InputFile } from './conversion.ts';

export interface FindOptions {
  readonly workers: DicomWorkers;
  readonly signal?: AbortSignal | undefined;
  /** Hears how many of the files have been looked into. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

export interface Found {
  readonly volumes: readonly FoundVolume[];
  /** Files that no volume is made of, and what they are. */
  readonly apart: readonly SetApart[];
}

/**
 * Looks into files and says which volumes they make. Files of one call belong together: a DICOM series
 * may lie in all of them, a .mhd and its .raw beside each other.
 *
 * @throws SextantError CANCELLED
 */
export async function findVolumes(
  files: readonly InputFile[],
  { workers, signal, onProgress }: FindOptions,
): Promise<Found> {
  const scanned = withStraysBroken(await workers.scan(files, { signal, onProgress }));
  const volumes = planSeries(scanned).map(dicomVolume);
  const apart: SetApart[] = [];
  for (const one of scanned) {
    if (one.what !== 'apart') continue;
    if (one.apart.kind !== 'NOT_DICOM') apart.push(one.apart);
    else {
      const other = await otherVolume(one.apart, files);
      if (other === undefined) apart.push(one.apart);
      else volumes.push(other);
    }
  }
  return { volumes: uniquelyNamed(volumes), apart: withoutParts(apart, volumes) };
}

/** Kinds of images that were set apart because DICOM was asked for. */
const OTHER_IMAGES = new Set(['NIFTI', 'METAIMAGE', 'NRRD']);

/** Throws NO_IMAGES, saying what there is instead. */
export function assertImages({ volumes, apart }: Found, subject: string): void {
  if (volumes.length > 0) return;
  const kinds = new Map<string, number>();
  for (const { kind } of apart) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const there = [...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ');
  throw new SextantError('NO_IMAGES', {
    subject,
    got: there === '' ? 'no files' : `no image among ${apart.length} files (${there})`,
    expected: 'DICOM, NIfTI, MetaImage or NRRD images',
    remedy: apart.some(({ kind }) => OTHER_IMAGES.has(kind))
      ? '-s any converts images that are not DICOM too'
      : 'check the folder',
  });
}

function dicomVolume(plan: SeriesPlan): FoundVolume {
  const { name, fileNames, series, volume } = plan;
  const voxels =
    volume === undefined ? 0 : volume.slices.length * volume.shape[0] * volume.shape[1];
  return { name, fileNames, series, bytes: voxels * 4, source: { kind: 'dicom', plan } };
}

const READERS: Partial<Record<ImageKind, 'nifti' | 'metaimage' | 'nrrd'>> = {
  nifti: 'nifti',
  'nifti-pair': 'nifti',
  metaimage: 'metaimage',
  nrrd: 'nrrd',
};

async function otherVolume(
  { path, name }: SetApart,
  files: readonly InputFile[],
): Promise<FoundVolume | undefined> {
  const known = await imageKindOf(path).catch((cause) => {
    throw new SextantError('FILE_UNREADABLE', {
      subject: name,
      got: errnoWords(cause),
      expected: 'a readable file',
      cause,
    });
  });
  const kind = known === undefined ? undefined : READERS[known.kind];
  if (kind === undefined) return undefined;
  const source = { kind, path, beside: besideOf(path, files) };
  return { name: imageStem(name), fileNames: [name], bytes: 0, source };
}

/** Of files that were renamed: those of the header's own folder by their names. */
function besideOf(
  path: string,
  files: readonly InputFile[],
): ReadonlyMap<string, string> | undefined {
  const own = files.find((file) => file.path === path);
  if (own?.isRenamed !== true) return undefined;
  const folder = posix.dirname(own.name);
  const others = files.filter(({ name }) => posix.dirname(name) === folder);
  return new Map(others.map((file) => [posix.basename(file.name), file.path]));
}

/** Every one a name that no other has: letters, digits, '-', '_' and '.'. */
function uniquelyNamed(volumes: readonly FoundVolume[]): FoundVolume[] {
  const taken = new Set<string>();
  return volumes.map((volume) => {
    const plain = volume.name.replace(/[^\p{L}\p{N}_.-]+/gu, '_').replace(/^[.-]+/, '');
    const wish = plain || 'volume';
    let name = wish;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${wish}_${n}`;
    taken.add(name.toLowerCase());
    return { ...volume, name };
  });
}

/** The voxels of a pair are a part of its header's volume, and nothing of their own. */
function withoutParts(apart: SetApart[], volumes: readonly FoundVolume[]): SetApart[] {
  const stems = new Set(
    volumes.flatMap(({ source, fileNames }) =>
      source.kind === 'dicom' ? [] : fileNames.map((name) => withoutImageEnding(name)),
    ),
  );
  const isPart = ({ name }: SetApart) =>
    /\.(img|raw|zraw)(\.gz)?$/i.test(name) && stems.has(name.replace(/\.[^.]+(\.gz)?$/, ''));
  return apart.filter((one) => !isPart(one));
}
