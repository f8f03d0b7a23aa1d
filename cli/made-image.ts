import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  assertImages,
  type Converted,
  type FoundVolume,
  findVolumes,
  openVolume,
  outputFiles,
} from '#conversion';
import { type DicomWorkers, startDicomWorkers } from '#dicom/workers';
import { SextantError } from '#errors';
import { sweepTemporaryFolders, temporaryFolder } from '#host';
import { aboutImage } from '#volume';
import { chosenVolume, type NamedVolume } from './chosen-volume.ts';
import { walkInput } from './dataconvert/walk.ts';
import { writeVolume } from './dataconvert/write-volume.ts';
import type { NiftiImage, NiftiImageOptions } from './nifti-image.ts';

type MadeImageOptions = NiftiImageOptions & { readonly workers: DicomWorkers };

/** The one volume of a folder, an archive or a file, or the one chosen, in a folder of its own until disposed. */
export async function madeImage(
  givenPath: string,
  options: NiftiImageOptions,
): Promise<NiftiImage> {
  const workers = startDicomWorkers({ scansHere: true });
  try {
    await sweepTemporaryFolders();
    return await makeImage(givenPath, { ...options, workers });
  } catch (error) {
    throw aboutImage(error, givenPath);
  } finally {
    await workers.close();
  }
}

async function makeImage(givenPath: string, options: MadeImageOptions): Promise<NiftiImage> {
  const { signal, onStep } = options;
  onStep(`looking into ${givenPath}`);
  const walked = await walkInput(givenPath, { sourceFormat: 'any', signal });
  try {
    const { named, isFile } = await volumesOf(givenPath, walked, options);
    const choice = { givenPath, volume: options.volume, signal };
    const { found, name } = await chosenVolume(named, choice);
    if (isFile) assertSeries(found, givenPath);
    onStep(`reading ${name}`);
    const { tilt, uneven, volumeLimitBytes, isCompressed, workers } = options;
    const format = isCompressed ? '.nii.gz' : '.nii';
    const how = { format, tilt, uneven } as const;
    const converted = await openVolume(found, how, { workers, signal, volumeLimitBytes });
    try {
      const { path, folder } = await written(converted, format, signal);
      return {
        imagePath: path,
        givenPath,
        madeOf: `${resolve(givenPath)}, volume ${name}, ${tilt}, ${uneven}`,
        warnings: [...converted.changes, ...converted.warnings],
        [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
      };
    } finally {
      converted.dispose();
    }
  } finally {
    await walked.dispose();
  }
}

/** What lies in folders below has the folder in its name. */
async function volumesOf(
  givenPath: string,
  { files, isArchive }: Awaited<ReturnType<typeof walkInput>>,
  { workers, signal, onStep }: MadeImageOptions,
): Promise<{ named: NamedVolume[]; isFile: boolean }> {
  const onProgress = (done: number) => onStep(`looking into ${givenPath}: ${done} files`);
  const all = await findVolumes(files, { workers, signal, onProgress });
  assertImages(all, givenPath);
  const named = all.volumes.map((found) => {
    const { folder, name } = found;
    return { name: folder === '' ? name : `${folder}/${name}`, found };
  });
  return { named, isFile: files.length === 1 && !isArchive };
}

/** Of one file of a series nobody wants the one slice. */
function assertSeries({ source }: FoundVolume, givenPath: string): void {
  if (source.kind !== 'dicom' || source.plan.volume?.slices.length !== 1) return;
  throw new SextantError('VOLUME_FORMAT_UNKNOWN', {
    subject: givenPath,
    got: 'one slice, of a DICOM series',
    expected: 'the whole series',
    remedy: 'give the folder that it lies in, or a zip or tar of it',
  });
}

async function written(
  converted: Converted,
  format: '.nii' | '.nii.gz',
  signal: AbortSignal,
): Promise<{ path: string; folder: string }> {
  const folder = await temporaryFolder('image');
  try {
    const files = await outputFiles(converted, 'image', { format, signal });
    const [path = ''] = await writeVolume(join(folder, 'image'), files, signal);
    return { path, folder };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
