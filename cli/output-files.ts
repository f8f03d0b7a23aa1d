import { randomBytes } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { access, constants, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { SextantError } from '#errors';

/** A file to be written: where, what, and the flag that asked for it. */
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
  { flag, endings, input }: { flag: string; endings: readonly string[]; input: string },
): Promise<void> {
  if (!endings.some((ending) => path.toLowerCase().endsWith(ending))) {
    throw new SextantError('CONFIG_INVALID', {
      subject: flag,
      got: `"${path}"`,
      expected: `a name that ends in ${endings.join(' or ')}`,
    });
  }
  if (realPath(path) === realPath(input)) {
    throw unwritable(path, 'the image itself', 'another file than the image');
  }
  const folder = dirname(resolve(path));
  await access(folder, constants.W_OK).catch((cause) => {
    throw unwritable(path, `a folder that gives ${cause.code}`, 'a folder to write to', cause);
  });
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory()) throw unwritable(path, 'a folder', 'a file');
}

/** Writes all files or none: each under another name first, then all are renamed. */
export async function writeOutputs(files: readonly OutputFile[]): Promise<void> {
  const parts = files.map(({ path, bytes }) => ({ path, bytes, part: partName(path) }));
  const renamed: string[] = [];
  try {
    for (const { path, bytes, part } of parts) await writeDurably(part, bytes, path);
    for (const { path, part } of parts) {
      await rename(part, path).catch((cause) => failedOn(path, cause));
      renamed.push(path);
    }
  } catch (error) {
    const left = [...parts.map(({ part }) => part), ...renamed];
    await Promise.all(left.map((path) => rm(path, { force: true })));
    throw error;
  }
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

function partName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.part`);
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

function failedOn(path: string, cause: unknown): never {
  const code = String((cause as NodeJS.ErrnoException).code);
  throw unwritable(path, code, 'a place to write to', cause);
}

function unwritable(path: string, got: string, expected: string, cause?: unknown): SextantError {
  return new SextantError('FILE_UNWRITABLE', { subject: path, got, expected, cause });
}
