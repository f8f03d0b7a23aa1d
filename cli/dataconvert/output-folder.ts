import { access, constants, mkdir, stat } from 'node:fs/promises';
import { errnoWords, SextantError } from '#errors';

/**
 * Makes the output folder, before any work is done for it. One that is there is refused unless it may be
 * written into.
 *
 * @throws SextantError OUTPUT_EXISTS, FILE_UNWRITABLE
 */
export async function prepareOutput(path: string, { force }: { force: boolean }): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there !== undefined && !there.isDirectory()) throw unwritable(path, 'a file');
  if (there !== undefined && !force) {
    throw new SextantError('OUTPUT_EXISTS', {
      subject: path,
      got: 'a folder that is there already',
      expected: 'a new folder',
      remedy: '-f writes into it and replaces files of the same name',
    });
  }
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK);
  } catch (cause) {
    throw unwritable(path, errnoWords(cause), cause);
  }
}

function unwritable(path: string, got: string, cause?: unknown): SextantError {
  return new SextantError('FILE_UNWRITABLE', {
    subject: path,
    got,
    expected: 'a folder to write to',
    remedy: 'give another folder with -o',
    cause,
  });
}
