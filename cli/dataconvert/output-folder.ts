import { access, constants, stat } from 'node:fs/promises';
import { errnoWords, SextantError } from '#errors';
import { makeFolder } from '#host';

/**
 * Makes the output folder, before any work is done for it. One that is there is refused unless it may be
 * written into.
 *
 * @returns the folders that were made for it
 * @throws SextantError OUTPUT_EXISTS, FILE_UNWRITABLE
 */
export async function prepareOutput(
  path: string,
  { force }: { force: boolean },
): Promise<readonly string[]> {
  const there = await stat(path).catch(() => undefined);
  if (there !== undefined && !there.isDirectory()) throw unwritable(path, 'a file');
  if (there !== undefined && !force) {
    throw new SextantError('OUTPUT_EXISTS', {
      subject: path,
      got: 'a folder that is there already',
      expected: 'a new folder',
      remedy: '-f writes into it and replaces what an earlier conversion wrote',
    });
  }
  try {
    const made = await makeFolder(path);
    await access(path, constants.W_OK);
    return made;
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
