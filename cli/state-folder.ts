import { randomBytes } from 'node:crypto';
import { chmod, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { errnoWords, SextantError } from '#errors';
import { makeFolder } from '#host';
import { REMEMBERED_MS } from './limits.ts';

/** Upload and session ids open images: nobody else may read them. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const ENDING = '.json';
const NAME = /^[0-9a-z]{1,64}$/;

/** What is remembered between two calls of the program: one small file of JSON a thing. */
export interface StateRoom {
  /** Undefined when there is no such record, or none that `parse` takes: that one is set aside. */
  read<T>(name: string, parse: (value: unknown) => T): Promise<T | undefined>;
  write(name: string, value: unknown): Promise<void>;
  remove(name: string): Promise<void>;
  names(): Promise<string[]>;
}

/**
 * Where this user's state lies: `$XDG_STATE_HOME/sextant`, or `~/.local/state/sextant`. A relative
 * XDG_STATE_HOME is ignored, as the XDG base directory specification asks.
 */
export function stateHome(env: NodeJS.ProcessEnv = process.env): string {
  const { XDG_STATE_HOME: given = '' } = env;
  return join(isAbsolute(given) ? given : join(homedir(), '.local/state'), 'sextant');
}

/**
 * Opens one kind of records, readable for this user alone; makes the folder when it is not there.
 * Uploads that nobody has gone on with for a long time are removed.
 * @throws SextantError FILE_UNREADABLE, FILE_UNWRITABLE (as do the room's own functions)
 */
export async function openStateRoom(
  kind: 'uploads' | 'sessions',
  { home = stateHome(), warn }: { home?: string; warn: (line: string) => void },
): Promise<StateRoom> {
  const folder = join(home, kind);
  try {
    await makeFolder(folder, FOLDER_MODE);
    for (const path of [home, folder]) {
      if (((await stat(path)).mode & 0o077) !== 0) await chmod(path, FOLDER_MODE);
    }
    await removeOld(folder, kind);
  } catch (cause) {
    throw unusable('FILE_UNWRITABLE', folder, cause);
  }
  return new Room(folder, warn);
}

class Room implements StateRoom {
  readonly #folder: string;
  readonly #warn: (line: string) => void;

  constructor(folder: string, warn: (line: string) => void) {
    this.#folder = folder;
    this.#warn = warn;
  }

  async read<T>(name: string, parse: (value: unknown) => T): Promise<T | undefined> {
    const path = this.#path(name);
    const text = await readFile(path, 'utf8').catch((cause) => {
      if (cause.code === 'ENOENT') return undefined;
      throw unusable('FILE_UNREADABLE', path, cause);
    });
    if (text === undefined) return undefined;
    try {
      return parse(JSON.parse(text));
    } catch {
      const aside = `${path}.damaged`;
      await rename(path, aside).catch((cause) => {
        throw unusable('FILE_UNWRITABLE', path, cause);
      });
      this.#warn(`${path} is damaged; it is set aside as ${aside}`);
      return undefined;
    }
  }

  async write(name: string, value: unknown): Promise<void> {
    const path = this.#path(name);
    const part = `${path}.${randomBytes(4).toString('hex')}.part`;
    try {
      const file = await open(part, 'wx', FILE_MODE);
      try {
        await file.writeFile(JSON.stringify(value));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(part, path);
    } catch (cause) {
      await rm(part, { force: true }).catch(() => undefined);
      throw unusable('FILE_UNWRITABLE', path, cause);
    }
  }

  async remove(name: string): Promise<void> {
    const path = this.#path(name);
    await rm(path, { force: true }).catch((cause) => {
      throw unusable('FILE_UNWRITABLE', path, cause);
    });
  }

  async names(): Promise<string[]> {
    const files = await readdir(this.#folder).catch((cause) => {
      throw unusable('FILE_UNREADABLE', this.#folder, cause);
    });
    return files
      .filter((file) => file.endsWith(ENDING))
      .map((file) => file.slice(0, -ENDING.length))
      .filter((name) => NAME.test(name))
      .sort();
  }

  /** A name can be what a server has sent: it must not lead out of the folder. */
  #path(name: string): string {
    if (!NAME.test(name)) throw new Error(`no name of a record: ${JSON.stringify(name)}`);
    return join(this.#folder, `${name}${ENDING}`);
  }
}

/** What was left half-written or set aside, and uploads; how long a session lasts is told by itself. */
async function removeOld(folder: string, kind: 'uploads' | 'sessions'): Promise<void> {
  for (const file of await readdir(folder)) {
    if (kind === 'sessions' && file.endsWith(ENDING)) continue;
    const path = join(folder, file);
    const there = await stat(path).catch(() => undefined);
    if (there === undefined || Date.now() - there.mtimeMs < REMEMBERED_MS) continue;
    await rm(path, { force: true });
  }
}

function unusable(
  reason: 'FILE_UNREADABLE' | 'FILE_UNWRITABLE',
  path: string,
  cause: unknown,
): SextantError {
  return new SextantError(reason, {
    subject: path,
    got: errnoWords(cause),
    expected: 'a place of your own that remembers uploads and sessions',
    remedy: 'mend its rights, or name another folder in the variable XDG_STATE_HOME',
    cause,
  });
}
