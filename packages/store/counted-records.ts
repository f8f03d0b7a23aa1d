import type { Usage } from './capacity.ts';
import type { Change, Records, Table, Tables } from './records.ts';
import { PeerTally, Sum } from './tallies.ts';

/**
 * Records with running sums, so that what a bound asks at every call costs no walk. The sums are
 * made from the records at opening and follow every commit.
 */
export class CountedRecords implements Records {
  readonly #records: Records;
  readonly #volumes = new Sum();
  /** The unfinished ones. */
  readonly #uploads = new Sum();
  readonly #sessions = new Sum();
  readonly #uploadsOfPeers = new PeerTally();
  readonly #sessionsOfPeers = new PeerTally();

  private constructor(records: Records) {
    this.#records = records;
  }

  static async over(records: Records): Promise<CountedRecords> {
    const counted = new CountedRecords(records);
    for (const table of ['volumes', 'uploads', 'sessions'] as const) {
      for await (const [key, record] of records.entries(table)) {
        counted.#count({ table, key, record } as Change);
      }
    }
    return counted;
  }

  usage(): Usage {
    return {
      storedBytes: this.#volumes.total,
      promisedBytes: this.#uploads.total,
      openUploads: this.#uploads.count,
      sessions: this.#sessions.count,
    };
  }

  /** Whether `peer` has `bound` unfinished uploads or more. */
  uploadsReach(bound: number, peer: string): boolean {
    return this.#uploadsOfPeers.hasReached(bound, peer, 0);
  }

  /** Whether `peer` has `bound` sessions or more that have not expired. */
  sessionsReach(bound: number, peer: string, nowMs: number): boolean {
    return this.#sessionsOfPeers.hasReached(bound, peer, nowMs);
  }

  get<T extends Table>(table: T, key: string): Promise<Tables[T] | undefined> {
    return this.#records.get(table, key);
  }

  entries<T extends Table>(table: T): AsyncIterable<readonly [string, Tables[T]]> {
    return this.#records.entries(table);
  }

  async commit(changes: readonly Change[]): Promise<void> {
    await this.#records.commit(changes);
    for (const change of changes) this.#count(change);
  }

  close(): Promise<void> {
    return this.#records.close();
  }

  #count({ table, key, record }: Change): void {
    if (table === 'volumes') {
      this.#volumes.set(key, record?.sizeBytes);
    } else if (table === 'uploads') {
      const open = record?.done === undefined ? record : undefined;
      this.#uploads.set(key, open?.sizeBytes);
      if (open?.peer === undefined) this.#uploadsOfPeers.delete(key);
      else this.#uploadsOfPeers.set(key, open.peer, Number.POSITIVE_INFINITY);
    } else if (table === 'sessions') {
      this.#sessions.set(key, record === undefined ? undefined : 1);
      if (record?.peer === undefined) this.#sessionsOfPeers.delete(key);
      else this.#sessionsOfPeers.set(key, record.peer, record.expiresMs);
    }
  }
}
