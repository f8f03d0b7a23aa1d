import { chmod, open } from 'node:fs/promises';
import { join } from 'node:path';
import { SextantError } from '#errors';
import { makeFolder } from '#host';
import { checkVolumeId, isPrivateId } from './ids.ts';

/** Patient data: the owner's alone. */
const FOLDER_MODE = 0o700;
export const FILE_MODE = 0o600;

/** Where things lie in a store's folder. */
export interface Layout {
  readonly directory: string;
  readonly volumes: string;
  readonly uploads: string;
  readonly records: string;
  readonly lock: string;
}

export function layoutOf(directory: string): Layout {
  return {
    directory,
    volumes: join(directory, 'volumes'),
    uploads: join(directory, 'uploads'),
    records: join(directory, 'records.mdb'),
    lock: join(directory, 'store.lock'),
  };
}

/** Makes the folders, and closes to others those that were there. Throws `FILE_UNWRITABLE`. */
export async function makeFolders(layout: Layout): Promise<void> {
  for (const folder of [layout.directory, layout.volumes, layout.uploads]) {
    try {
      await makeFolder(folder, FOLDER_MODE);
    } catch (cause) {
      throw unwritableData(layout.directory, cause);
    }
    // A folder that another user has shared with this one stays as it is: files in it are closed.
    await chmod(folder, FOLDER_MODE).catch(unlessShared);
  }
}

function unlessShared(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPERM') throw error;
}

/** The error for a data folder that cannot be written to. */
export function unwritableData(directory: string, cause: unknown): SextantError {
  return new SextantError('FILE_UNWRITABLE', {
    subject: `data folder ${directory}`,
    got: String((cause as NodeJS.ErrnoException).code),
    expected: 'a folder that this process may write to',
    remedy: 'give another one with --data',
    cause,
  });
}

/**
 * The file of a volume in the store at `directory`, for a process that only reads. Nothing is
 * opened; the id's form is checked, so no id leads out of the folder. Throws `VOLUME_UNKNOWN`.
 *
 * @example
 * volumePathIn('/var/lib/sextant', 'e3b0…b855'); // '/var/lib/sextant/volumes/e3b0…b855'
 */
export function volumePathIn(directory: string, volumeId: string): string {
  return join(layoutOf(directory).volumes, checkVolumeId(volumeId));
}

export function partPath(layout: Layout, uploadId: string): string {
  if (!isPrivateId(uploadId)) throw new Error('an upload id is checked before it names a file');
  return join(layout.uploads, `${uploadId}.part`);
}

/** Makes a rename or a new name in `folder` outlive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
