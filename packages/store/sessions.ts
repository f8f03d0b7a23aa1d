import { SextantError } from '#errors';
import type { Grid } from '#geometry';
import { tooManySessions } from './capacity.ts';
import type { CountedRecords } from './counted-records.ts';
import { isPrivateId, newPrivateId } from './ids.ts';
import { STORE_LIMITS } from './limits.ts';
import type { OneByOne } from './one-by-one.ts';
import type { Change, Records, SessionRecord, VolumeRecord } from './records.ts';

/** One image being annotated by one user. */
export interface Session {
  readonly sessionId: string;
  readonly volumeId: string;
  /** Index on the fourth axis, for a 4D image. */
  readonly frame?: number;
  readonly grid: Grid;
  /** Milliseconds since 1970, as `Date.now()` has them. */
  readonly createdMs: number;
  readonly expiresMs: number;
}

export interface NewSession {
  readonly volumeId: string;
  readonly frame?: number | undefined;
  readonly grid: Grid;
  /** Who opens it: what `sessionsPerPeer` counts by. */
  readonly peer?: string | undefined;
}

export interface SessionsOptions {
  readonly records: CountedRecords;
  readonly oneByOne: OneByOne;
  readonly sessionMs: number;
  readonly perPeer: number;
  readonly now: () => number;
}

/** Sessions and their sliding expiry. */
export class Sessions {
  readonly #records: CountedRecords;
  readonly #oneByOne: OneByOne;
  readonly #sessionMs: number;
  readonly #perPeer: number;
  readonly #now: () => number;

  constructor({ records, oneByOne, sessionMs, perPeer, now }: SessionsOptions) {
    this.#records = records;
    this.#oneByOne = oneByOne;
    this.#sessionMs = sessionMs;
    this.#perPeer = perPeer;
    this.#now = now;
  }

  create({ volumeId, frame, grid, peer }: NewSession): Promise<Session> {
    return this.#oneByOne.run(async () => {
      await volumeOf(this.#records, volumeId);
      const createdMs = this.#now();
      if (peer !== undefined && this.#records.sessionsReach(this.#perPeer, peer, createdMs)) {
        throw tooManySessions(this.#perPeer);
      }
      const place = frame === undefined ? { volumeId, grid } : { volumeId, grid, frame };
      const session = { ...place, createdMs, expiresMs: createdMs + this.#sessionMs };
      const sessionId = newPrivateId();
      const record = { ...session, peer };
      await this.#records.commit([{ table: 'sessions', key: sessionId, record }]);
      return { sessionId, ...session };
    });
  }

  /** `keepExpiry` only looks: the session expires when it would have. */
  async get(sessionId: string, { keepExpiry = false } = {}): Promise<Session> {
    const { peer, ...session } = await this.#live(sessionId);
    if (keepExpiry) return { sessionId, ...session };
    const expiresMs = this.#now() + this.#sessionMs;
    if (expiresMs - session.expiresMs >= this.#slack) await this.#slide(sessionId, expiresMs);
    return { sessionId, ...session, expiresMs };
  }

  /** How far the expiry that was told may be ahead of the one that is written. */
  get #slack(): number {
    return Math.min(STORE_LIMITS.slideMs, this.#sessionMs / 100);
  }

  delete(sessionId: string): Promise<void> {
    return this.#oneByOne.run(async () => {
      const { volumeId } = await this.#live(sessionId);
      const changes: Change[] = [{ table: 'sessions', key: sessionId, record: undefined }];
      const volume = await this.#records.get('volumes', volumeId);
      // Its file may have been lost: the session can be ended all the same.
      if (volume !== undefined) {
        const record = { ...volume, releasedMs: this.#now() };
        changes.push({ table: 'volumes', key: volumeId, record });
      }
      await this.#records.commit(changes);
    });
  }

  #slide(sessionId: string, expiresMs: number): Promise<void> {
    return this.#oneByOne.run(async () => {
      const record = await this.#records.get('sessions', sessionId);
      // Deleted since it was read: it must not rise again.
      if (record === undefined) throw unknown();
      const slid = { ...record, expiresMs };
      await this.#records.commit([{ table: 'sessions', key: sessionId, record: slid }]);
    });
  }

  async #live(sessionId: string): Promise<SessionRecord> {
    const known = isPrivateId(sessionId);
    const record = known ? await this.#records.get('sessions', sessionId) : undefined;
    if (record === undefined) throw unknown();
    // Callers may have been told a later expiry than is written, by less than the slack.
    if (this.#now() >= record.expiresMs + this.#slack) throw expired(record.expiresMs);
    return record;
  }
}

/** The record of a stored volume. Throws `VOLUME_UNKNOWN`. */
export async function volumeOf(records: Records, volumeId: string): Promise<VolumeRecord> {
  const record = await records.get('volumes', volumeId);
  if (record !== undefined) return record;
  throw new SextantError('VOLUME_UNKNOWN', {
    subject: 'volume',
    got: 'one that is not in the store',
    expected: 'a stored volume',
    remedy: 'upload it again',
  });
}

function unknown(): SextantError {
  return new SextantError('SESSION_UNKNOWN', {
    subject: 'session_id',
    got: 'an id of no session',
    expected: 'an id that CreateSession gave',
    remedy: 'create a session',
  });
}

function expired(expiresMs: number): SextantError {
  return new SextantError('SESSION_EXPIRED', {
    subject: 'session_id',
    got: `a session that expired at ${new Date(expiresMs).toISOString()}`,
    expected: 'a session in use',
    remedy: 'create a session again',
  });
}
