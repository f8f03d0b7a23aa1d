import type { Stats } from 'node:fs';
import { readdir, realpath, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, relative, sep } from 'node:path';
import { type InputFile, unpackArchive } from '#conversion';
import { errnoWords, SextantError, unlessAborted } from '#errors';
import { temporaryFolder } from '#host';
import { imageKindOf } from '#volume';
import { type DeadLink, deadLinkError, lostWith } from './dead-link.ts';

export interface Walked {
  /** The input is one file, which is meant whatever it is. */
  readonly isFile: boolean;
  /** It is an archive, and the files are what it held. */
  readonly isArchive: boolean;
  /** Folder by folder; their names are their paths below the input. */
  readonly files: readonly InputFile[];
  /** How many files were passed over because their names end otherwise than was asked for, by ending. */
  readonly passedOver: ReadonlyMap<string, number>;
  /** Folders below the input, and files by their links, that cannot be read. */
  readonly unreadable: readonly { readonly relative: string; readonly error: SextantError }[];
  /** Removes what was unpacked. */
  dispose(): Promise<void>;
}

/**
 * The files below a folder, folder by folder in the order of their names, what links to folders lead to
 * last; no folder twice, however many links lead to it, and none that the input lies in. The output folder,
 * where there is one, is passed over when it lies within.
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
  const files: InputFile[] = [];
  const unread: Walked['unreadable'][number][] = [];
  const passedOver = new Map<string, number>();
  const take = (path: string) => files.push({ path, name: relative(input, path) });
  const fail = (path: string, error: SextantError) =>
    unread.push({ relative: relative(input, path), error });
  const seen = new Set(await identitiesAbove(input));
  if (outputDir !== undefined) seen.add(await identityOf(outputDir));
  const waiting = [input];
  const links: string[] = [];
  const next = () => waiting.pop() ?? links.shift();
  for (let folder = next(); folder !== undefined; folder = next()) {
    const identity = await identityOf(folder);
    if (folder !== input && seen.has(identity)) continue;
    seen.add(identity);
    const found = await lookInto(folder, signal).catch((cause) =>
      unreadable(folder as string, cause),
    );
    if (found instanceof SextantError) {
      if (folder === input || found.reason !== 'FILE_UNREADABLE') throw found;
      fail(folder, found);
      continue;
    }
    for (const path of found.files) {
      if (mayBe(path, sourceFormat)) take(path);
      else {
        const ending = extname(path).toLowerCase();
        passedOver.set(ending, (passedOver.get(ending) ?? 0) + 1);
      }
    }
    const dead = found.dead.filter(({ path }) => mayBe(path, sourceFormat));
    for (const link of dead) {
      const isAlone = found.files.length === 0 && dead.length === 1;
      const lost = lostWith(link, { sourceFormat, isAlone });
      if (lost === 'dicom') take(link.path);
      else if (lost === 'image') fail(link.path, deadLinkError(link));
    }
    for (const path of found.links) links.push(path);
    for (const path of found.folders.reverse()) waiting.push(path);
  }
  const dispose = async () => {};
  return { isFile: false, isArchive: false, files, passedOver, unreadable: unread, dispose };
}

/** The paths of what a folder holds, in the order of their names. */
interface Held {
  readonly folders: string[];
  readonly files: string[];
  /** Links to folders. */
  readonly links: string[];
  readonly dead: DeadLink[];
}

async function lookInto(folder: string, signal: AbortSignal): Promise<Held> {
  const entries = await unlessAborted(readdir(folder, { withFileTypes: true }), signal);
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const held: Held = { folders: [], files: [], links: [], dead: [] };
  for (const entry of entries) {
    const path = `${folder}${sep}${entry.name}`;
    if (entry.isDirectory()) held.folders.push(path);
    else if (entry.isFile()) held.files.push(path);
    if (!entry.isSymbolicLink()) continue;
    const linked = await stat(path).catch((cause: unknown) => void held.dead.push({ path, cause }));
    if (linked?.isDirectory()) held.links.push(path);
    else if (linked?.isFile()) held.files.push(path);
  }
  return held;
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
      files: [{ path, name: basename(path) }],
      dispose: async () => {},
    };
  }
  const folder = await temporaryFolder('archive');
  const dispose = () => rm(folder, { recursive: true, force: true });
  try {
    const files = await unpackArchive({ path, name: path }, known.kind, { folder, signal });
    return { ...ONE_FILE, isArchive: true, files, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** DICOM has any name or none; the other formats are asked for by theirs. */
function mayBe(path: string, sourceFormat: string): boolean {
  if (sourceFormat === '.dcm' || sourceFormat === 'any') return true;
  return path.toLowerCase().endsWith(sourceFormat);
}

/** Of the folders that the input lies in: a link to one of them would lead to what lies beside the input. */
async function identitiesAbove(input: string): Promise<string[]> {
  const identities: string[] = [];
  for (let at = await realpath(input); at !== dirname(at); ) {
    at = dirname(at);
    identities.push(await identityOf(at));
  }
  return identities;
}

/** The same for all paths that lead to one folder. */
async function identityOf(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found === undefined ? path : `${found.dev}:${found.ino}`;
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
