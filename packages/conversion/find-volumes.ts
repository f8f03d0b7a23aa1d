import { posix } from 'node:path';
import {
  type DicomWorkers,
  planSeries,
  type SeriesPlan,
  type SetApart,
  withStraysBroken,
} from '#dicom';
import { errnoWords, SextantError } from '#errors';
import {
  folderOf,
  type ImageKind,
  imageKindByName,
  imageKindOf,
  imageStem,
  isUntakenArchive,
  UniqueNames,
  withoutImageEnding,
} from '#volume';
import type { FoundVolume, InputFile } from './conversion.ts';
import { plainName } from './flat-names.ts';

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

/** A volume before it has a folder, and in it a name of its own. */
type Unplaced = Omit<FoundVolume, 'folder'>;

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
  const volumes: Unplaced[] = planSeries(scanned).map(dicomVolume);
  const apart: SetApart[] = [];
  const beside = besideOf(files);
  for (const one of scanned) {
    if (one.what !== 'apart') continue;
    const { kind } = one.apart;
    const found = kind === 'NOT_DICOM' ? await lookedInto(one.apart, beside) : one.apart;
    if ('source' in found) volumes.push(found);
    else apart.push(found);
  }
  return { volumes: placed(volumes), apart: withoutParts(apart, volumes) };
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
    remedy: remedyFor(kinds),
  });
}

function remedyFor(kinds: ReadonlyMap<string, number>): string {
  const there = [...kinds.keys()];
  if (there.some((kind) => OTHER_IMAGES.has(kind))) {
    return '-s any converts images that are not DICOM too';
  }
  const archive = there.find((kind) => isUntakenArchive(kind.toLowerCase()));
  if (archive === undefined) return 'check the folder';
  return `${archive} is not unpacked, .zip, .tar and .tar.gz are: pack the images as one of these`;
}

function dicomVolume(plan: SeriesPlan): Unplaced {
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

/**
 * What no DICOM is may be another image. What is none either, but is called like one, is to become a volume too:
 * its reader says what is wrong with it.
 */
async function lookedInto(
  apart: SetApart,
  beside: ReadonlyMap<string, ReadonlyMap<string, string>>,
): Promise<Unplaced | SetApart> {
  const { path, name } = apart;
  const known = await imageKindOf(path).catch((cause) => {
    throw new SextantError('FILE_UNREADABLE', {
      subject: name,
      got: errnoWords(cause),
      expected: 'a readable file',
      cause,
    });
  });
  if (known?.kind === 'apple-double') return { path, name, kind: 'APPLE_DOUBLE' };
  if (isUntakenArchive(known?.kind)) return { path, name, kind: known.kind.toUpperCase() };
  const kind = (known === undefined ? undefined : READERS[known.kind]) ?? imageKindByName(name);
  if (kind === undefined) return apart;
  const source = { kind, path, beside: beside.get(path) };
  return { name: imageStem(name), fileNames: [name], bytes: 0, source };
}

/**
 * For the path of every file that was renamed: where those of its folder lie, by their names. Files of one folder
 * share one map.
 */
function besideOf(files: readonly InputFile[]): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const folders = new Map<string, Map<string, string>>();
  const beside = new Map<string, ReadonlyMap<string, string>>();
  for (const { path, name, isRenamed } of files) {
    if (isRenamed !== true) continue;
    const folder = posix.dirname(name);
    const own = folders.get(folder) ?? new Map<string, string>();
    folders.set(folder, own.set(posix.basename(name), path));
    beside.set(path, own);
  }
  return beside;
}

/** Every one in its folder, under a name that no other there has. */
function placed(volumes: readonly Unplaced[]): FoundVolume[] {
  const names = new UniqueNames();
  return volumes.map((volume) => {
    const folder = folderOf(volume.fileNames);
    const name = names.take(`${folder}/${plainName(volume.name)}`).slice(folder.length + 1);
    return { ...volume, folder, name };
  });
}

/** The voxels of a pair are a part of its header's volume, and nothing of their own. */
function withoutParts(apart: SetApart[], volumes: readonly Unplaced[]): SetApart[] {
  const stems = new Set(
    volumes.flatMap(({ source, fileNames }) =>
      source.kind === 'dicom' ? [] : fileNames.map((name) => withoutImageEnding(name)),
    ),
  );
  const isPart = ({ name }: SetApart) =>
    /\.(img|raw|zraw)(\.gz)?$/i.test(name) && stems.has(name.replace(/\.[^.]+(\.gz)?$/, ''));
  return apart.filter((one) => !isPart(one));
}
