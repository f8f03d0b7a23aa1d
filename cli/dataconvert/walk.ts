import type { Stats } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, extname, relative, resolve, sep } from 'node:path';
import { type InputFile, unpackArchive } from '#conversion';
import { errnoWords, SextantError, unlessAborted } from '#errors';
import { temporaryFolder } from '#host';
import { imageKindOf } from '#volume';

export interface Walked {
  /** The input is one file, which is meant whatever it is. */
  readonly isFile: boolean;
  /** It is an archive, and the files are what it held. */
  readonly isArchive: boolean;
  /** Of every folder its files, which belong together; of an archive all that it holds. */
  readonly folders: readonly (readonly InputFile[])[];
  /** How many files were passed over because their names end otherwise than was asked for, by ending. */
  readonly passedOver: ReadonlyMap<string, number>;
  /** Folders below the input that cannot be read. */
  readonly unreadable: readonly { readonly relative: string; readonly error: SextantError }[];
  /** Removes what was unpacked. */
  dispose(): Promise<void>;
}

/**
 * The files below a folder, folder by folder in the order of their names. Links to files are followed, links
 * to folders are not. The output folder, where there is one, is passed over when it lies within.
 *
 * @throws SextantError FILE_UNREADABLE, CANCELLED
 */
export async function walkInput(
  input: string,
  {
    outputDir,
    sourceFormat,
    signal,
  }: { outputDir?: string; sourceFormat: string; signal: AbortSignal },
): Promise<Walked> {
  const there = await assertThere(input);
  if (there.isFile()) return await walkFile(input, signal);
  const folders: InputFile[][] = [];
  const unread: Walked['unreadable'][number][] = [];
  const passedOver = new Map<string, number>();
  const output = outputDir === undefined ? undefined : resolve(outputDir);
  const waiting = [input];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const entries = await unlessAborted(readdir(folder, { withFileTypes: true }), signal).catch(
      (cause) => unreadable(folder as string, cause),
    );
    if (!Array.isArray(entries)) {
      if (folder === input || entries.reason !== 'FILE_UNREADABLE') throw entries;
      unread.push({ relative: relative(input, folder), error: entries });
      continue;
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    const files: InputFile[] = [];
    const below: string[] = [];
    for (const entry of entries) {
      const path = `${folder}${sep}${entry.name}`;
      if (entry.isDirectory()) below.push(path);
      else if (entry.isFile() || (entry.isSymbolicLink() && (await isFile(path)))) {
        if (mayBe(entry.name, sourceFormat)) files.push({ path, name: relative(input, path) });
        else {
          const ending = extname(entry.name).toLowerCase();
          passedOver.set(ending, (passedOver.get(ending) ?? 0) + 1);
        }
      }
    }
    if (files.length > 0) folders.push(files);
    waiting.push(...below.filter((path) => resolve(path) !== output).reverse());
  }
  const dispose = async () => {};
  return { isFile: false, isArchive: false, folders, passedOver, unreadable: unread, dispose };
}

/** Throws FILE_UNREADABLE for what is neither a folder nor a file. */
export async function assertThere(input: string): Promise<Stats> {
  const there = await stat(input).catch((cause) => {
    throw unreadable(input, cause);
  });
  if (there.isFile() || there.isDirectory()) return there;
  throw unreadable(input, undefined, 'neither a folder nor a file');
}

const ONE_FILE = { isFile: true, passedOver: new Map<string, number>(), unreadable: [] };

/** One file: an image, or an archive, which is unpacked into a folder of its own until the end. */
async function walkFile(path: string, signal: AbortSignal): Promise<Walked> {
  const known = await imageKindOf(path).catch((cause) => {
    throw unreadable(path, cause);
  });
  if (known?.kind !== 'zip' && known?.kind !== 'tar') {
    return {
      ...ONE_FILE,
      isArchive: false,
      folders: [[{ path, name: basename(path) }]],
      dispose: async () => {},
    };
  }
  const folder = await temporaryFolder('archive');
  const dispose = () => rm(folder, { recursive: true, force: true });
  try {
    const files = await unpackArchive({ path, name: path }, known.kind, { folder, signal });
    return { ...ONE_FILE, isArchive: true, folders: [files], dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** DICOM has any name or none; the other formats are asked for by theirs. */
function mayBe(name: string, sourceFormat: string): boolean {
  if (sourceFormat === '.dcm' || sourceFormat === 'any') return true;
  return name.toLowerCase().endsWith(sourceFormat);
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}

function unreadable(path: string, cause: unknown, got = errnoWords(cause)): SextantError {
  if (cause instanceof SextantError) return cause;
  return new SextantError('FILE_UNREADABLE', {
    subject: path,
    got,
    expected: 'a folder that can be read',
    remedy: 'check the path given with -d and its permissions',
    cause,
  });
}
