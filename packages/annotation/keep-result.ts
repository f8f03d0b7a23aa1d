import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '#host';
import type { AnnotationWarning } from './annotation.ts';

/** A mask is patient data: the folder and its files are their owner's alone. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/**
 * Keeps a mask's .nii.gz in a model's `result_dir` under a name of its own, which tells when it was
 * made and nothing of the image. A folder that cannot be written to does not cost the click.
 *
 * @returns the file's name, or why there is none
 */
export async function keepResult(
  directory: string,
  file: Uint8Array,
): Promise<{ name: string } | { warning: AnnotationWarning }> {
  const stamp = new Date().toISOString().replace(/[:.]/g, '-');
  const name = `${stamp}-${randomBytes(4).toString('hex')}.nii.gz`;
  const part = join(directory, `.${name}.part`);
  try {
    await makeFolder(directory, FOLDER_MODE);
    await writeFile(part, file, { mode: FILE_MODE });
    await rename(part, join(directory, name));
    return { name };
  } catch {
    await rm(part, { force: true }).catch(() => {});
    const message = "the mask could not be kept in the model's result_dir; the answer is whole";
    return { warning: { reason: 'RESULT_NOT_KEPT', message } };
  }
}
