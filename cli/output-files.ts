import { randomBytes } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { access, constants, copyFile, link, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { errnoWords, SextantError } from '#errors';

/** A file to be written. */
export interface OutputFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Refuses an output that could not be written, before the work that it is for: its ending is none
 * of `endings`, its folder is not there or read-only, or it is the input itself.
 * @throws SextantError CONFIG_INVALID, FILE_UNWRITABLE
 */
export async function checkOutput(
  path: string,
  { flag, endings, input }: { flag: string; endings: readonly string[]; input: string | undefined },
): Promise<void> {
  if (!endings.some((ending) => path.toLowerCase().endsWith(ending))) {
    throw new SextantError('CONFIG_INVALID', {
      subject: flag,
      got: `"${path}"`,
      expected: `a name that ends in ${endings.join(' or ')}`,
    });
  }
  if (input !== undefined && realPath(path) === realPath(input)) {
    throw unwritable(path, 'the image itself', 'another file than the image');
  }
  const folder = dirname(resolve(path));
  await access(folder, constants.W_OK).catch((cause) => {
    const isMissing = cause.code === 'ENOENT';
    const got = `${isMissing ? 'no such folder' : errnoWords(cause)} (${folder})`;
    const remedy = isMissing ? 'make the folder first' : undefined;
    throw unwritable(path, got, 'a folder to write to', { cause, remedy });
  });
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory()) throw unwritable(path, 'a folder', 'a file');
}

/**
 * Writes all files or none: each under another name first, then each takes its place. When one
 * cannot, those before it are taken back, and what they replaced stands there again.
 * @throws SextantError FILE_UNWRITABLE
 */
export async function writeOutputs(files: readonly OutputFile[]): Promise<void> {
  const parts = files.map((file) => ({ ...file, part: besides(file.path, 'part') }));
  const placed: Placed[] = [];
  try {
    for (const { path, bytes, part } of parts) await writeDurably(part, bytes, path);
    for (const { path, part } of parts) {
      placed.push({ path, old: await keepOld(path) });
      await rename(part, path).catch((cause) => failedOn(path, cause));
    }
  } catch (error) {
    await Promise.allSettled(placed.map(takeBack));
    await Promise.allSettled(parts.map(({ part }) => rm(part, { force: true })));
    throw error;
  }
  await Promise.allSettled(placed.map(({ old }) => old && rm(old, { force: true })));
}

/** A place that a new file has taken or is about to take. */
interface Placed {
  readonly path: string;
  /** Another name of what was there; undefined where nothing was. */
  readonly old: string | undefined;
}

/** A second name for the file, not another place for it: the path is never without a file. */
async function keepOld(path: string): Promise<string | undefined> {
  const old = besides(path, 'old');
  try {
    await link(path, old);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    // Some file systems know no second name.
    await copyFile(path, old, constants.COPYFILE_EXCL).catch(() => failedOn(path, cause));
  }
  return old;
}

async function takeBack({ path, old }: Placed): Promise<void> {
  if (old === undefined) return await rm(path, { force: true });
  await rename(old, path);
  // A rename between two names of one file leaves both.
  await rm(old, { force: true });
}

async function writeDurably(part: string, bytes: Uint8Array, path: string): Promise<void> {
  const file = await open(part, 'wx').catch((cause) => failedOn(path, cause));
  try {
    await file.writeFile(bytes);
    await file.sync();
  } catch (cause) {
    failedOn(path, cause);
  } finally {
    await file.close();
  }
}

/** A name in the same folder that no other file has. */
function besides(path: string, ending: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.${ending}`);
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

function failedOn(path: string, cause: unknown): never {
  throw unwritable(path, errnoWords(cause), 'a place to write to', { cause });
}

function unwritable(
  path: string,
  got: string,
  expected: string,
  { cause, remedy }: { cause?: unknown; remedy?: string | undefined } = {},
): SextantError {
  const told = remedy === undefined ? {} : { remedy };
  return new SextantError('FILE_UNWRITABLE', { subject: path, got, expected, ...told, cause });
}
