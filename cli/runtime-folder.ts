import { accessSync, constants, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SextantError } from '#errors';
import { isAnswered, SOCKET_PATH_BYTES } from '#rpc';

const FOLDER = /^sextant-run-(\d+)-/;
/** The longest name that a socket gets in the folder, with its slash. */
const LONGEST_NAME = '/data-convert.sock';
/** What mkdtemp adds. */
const RANDOM_CHARACTERS = 6;

/** A folder for the sockets between one supervisor and its children. */
export interface RuntimeFolder {
  socket(name: 'inference' | 'data-convert'): string;
  /** Safe at any time, also while the process exits. */
  remove(): void;
}

/**
 * Makes a runtime folder whose sockets' paths fit, and removes those that killed supervisors of
 * this user have left.
 * @throws SextantError FILE_UNWRITABLE
 */
export async function makeRuntimeFolder(
  bases: readonly (string | undefined)[] = [process.env.XDG_RUNTIME_DIR, tmpdir(), '/tmp'],
): Promise<RuntimeFolder> {
  const usable = bases.find((base): base is string => base !== undefined && fits(base));
  if (usable === undefined) {
    throw new SextantError('FILE_UNWRITABLE', {
      subject: 'runtime folder',
      got: 'no folder with a short path to write to',
      expected: `one whose sockets' paths have at most ${SOCKET_PATH_BYTES} bytes`,
      remedy: 'set TMPDIR to a short path',
    });
  }
  await removeStale(usable);
  const path = mkdtempSync(prefix(usable));
  return {
    socket: (name) => join(path, `${name}.sock`),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

function prefix(base: string): string {
  return join(base, `sextant-run-${process.pid}-`);
}

function fits(base: string): boolean {
  const length = Buffer.byteLength(prefix(base)) + RANDOM_CHARACTERS + LONGEST_NAME.length;
  if (length > SOCKET_PATH_BYTES) return false;
  try {
    accessSync(base, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

async function removeStale(base: string): Promise<void> {
  for (const name of readdirSync(base)) {
    const pid = Number(FOLDER.exec(name)?.[1]);
    const path = join(base, name);
    if (!Number.isInteger(pid) || isOthers(pid) || !isOwn(path)) continue;
    // Another container that shares the folder has other process ids: its sockets answer.
    if (await anyAnswers(path)) continue;
    rmSync(path, { recursive: true, force: true });
  }
}

/** Whether another process may be using the folder. One with our own id is from before: as process 1
 *  of a container that was started again every supervisor has the same. */
function isOthers(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function isOwn(path: string): boolean {
  const owner = statSync(path, { throwIfNoEntry: false })?.uid;
  return owner !== undefined && owner === process.getuid?.();
}

async function anyAnswers(folder: string): Promise<boolean> {
  for (const name of readdirSync(folder)) {
    if (await isAnswered(join(folder, name))) return true;
  }
  return false;
}
