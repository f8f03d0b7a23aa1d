import { chmodSync, closeSync, existsSync, openSync, readSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Database, open, type RootDatabase } from 'lmdb';
import { SextantError } from '#errors';
import { diskFull, hasNoRoom, isCutShort, isDiskFull } from './disk-full.ts';
import { FILE_MODE } from './layout.ts';
import { STORE_LIMITS } from './limits.ts';
import { type Change, type Records, TABLES, type Table, type Tables } from './records.ts';

/** `MDB_MAGIC`, after the page's own header, as lmdb's mdb.c writes it. */
const MAGIC = 0xbeefc0de;
const MAGIC_OFFSET = 24;
const META_PAGE_BYTES = 4096;

/** Records in the LMDB file at `path`, made when absent. Throws `STORE_CORRUPT`. */
export function openLmdbRecords(path: string): Records {
  const root = openRoot(path);
  const tables = new Map<Table, Database<unknown, string>>(
    TABLES.map((name) => [name, root.openDB<unknown, string>({ name, encoding: 'json' })]),
  );
  return new LmdbRecords(path, root, tables);
}

function openRoot(path: string): RootDatabase {
  checkMagic(path);
  try {
    const root = open({
      path,
      noSubdir: true,
      maxDbs: TABLES.length,
      // A resolved commit is one that the disk has.
      overlappingSync: false,
      // A batch has a promise of its own that nobody sees: its failure would end the process.
      eventTurnBatching: false,
    });
    keepToOwner(path);
    return root;
  } catch (cause) {
    throw corrupt(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/** LMDB makes files that others may read, and a session's id opens its image to whoever reads it. */
function keepToOwner(path: string): void {
  for (const file of [path, `${path}-lock`]) chmodSync(file, FILE_MODE);
}

/** LMDB crashes the process on a file that is not its own, so its first meta page is looked at. */
function checkMagic(path: string): void {
  if (!existsSync(path)) return;
  const page = Buffer.alloc(META_PAGE_BYTES);
  const file = openSync(path, 'r');
  const length = readSync(file, page, 0, page.length, 0);
  closeSync(file);
  if (length === 0) return;
  if (length < page.length) throw corrupt(path, `${length} bytes`);
  if (page.readUInt32LE(MAGIC_OFFSET) !== MAGIC) throw corrupt(path, 'another kind of file');
}

function corrupt(path: string, got: string, cause?: unknown): SextantError {
  return new SextantError('STORE_CORRUPT', {
    subject: path,
    got,
    expected: 'an LMDB file',
    remedy: 'move the folder aside, or give another with --data',
    cause,
  });
}

class LmdbRecords implements Records {
  readonly #path: string;
  readonly #root: RootDatabase;
  readonly #tables: ReadonlyMap<Table, Database<unknown, string>>;

  constructor(
    path: string,
    root: RootDatabase,
    tables: ReadonlyMap<Table, Database<unknown, string>>,
  ) {
    this.#path = path;
    this.#root = root;
    this.#tables = tables;
  }

  async get<T extends Table>(table: T, key: string): Promise<Tables[T] | undefined> {
    return this.#table(table).get(key) as Tables[T] | undefined;
  }

  async *entries<T extends Table>(table: T): AsyncIterable<readonly [string, Tables[T]]> {
    // Batches of copies: a walk neither holds the event loop nor is disturbed by changes.
    let after: { start?: string; exclusiveStart?: boolean } = {};
    for (;;) {
      const batch = [...this.#table(table).getRange({ ...after, limit: STORE_LIMITS.walkRecords })];
      for (const { key, value } of batch) yield [key, value as Tables[T]];
      const last = batch.at(-1);
      if (last === undefined || batch.length < STORE_LIMITS.walkRecords) return;
      after = { start: last.key, exclusiveStart: true };
      await nextTurn();
    }
  }

  async commit(changes: readonly Change[]): Promise<void> {
    const written = this.#root.transaction(() => {
      for (const { table, key, record } of changes) {
        if (record === undefined) this.#table(table).remove(key);
        else this.#table(table).put(key, record);
      }
    });
    await written.catch((error) => this.#failed(error));
  }

  async close(): Promise<void> {
    await this.#root.close();
  }

  /** LMDB tells the cause of a failed commit in a promise of its own. */
  async #failed(error: Error & { commitError?: Promise<never> }): Promise<never> {
    const cause = await error.commitError?.catch((reason: unknown) => reason);
    // A write that the disk took a part of is an input or output error to LMDB.
    const isFull = isDiskFull(cause) || (isCutShort(cause) && (await hasNoRoom(this.#path)));
    throw isFull ? diskFull(cause) : (cause ?? error);
  }

  #table(name: Table): Database<unknown, string> {
    const table = this.#tables.get(name);
    if (table === undefined) throw new Error(`no table ${name}`);
    return table;
  }
}
