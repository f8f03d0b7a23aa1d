import { createReadStream } from 'node:fs';
import { SextantError } from '#errors';
import { checkRoom, checkSize, tooManyUploads, type Usage } from './capacity.ts';
import { CountedRecords } from './counted-records.ts';
import { isPrivateId, newPrivateId } from './ids.ts';
import { type Layout, layoutOf, makeFolders, volumePathIn } from './layout.ts';
import { STORE_LIMITS } from './limits.ts';
import { openLmdbRecords } from './lmdb-records.ts';
import { lockStore } from './lock.ts';
import { OneByOne } from './one-by-one.ts';
import { assertVolumeId } from './possession.ts';
import type { ConversionRecord } from './records.ts';
import { refuseUpload } from './refuse-upload.ts';
import { reconcileStore, type Swept, sweepStore } from './retention.ts';
import { type NewSession, type Session, Sessions, volumeOf } from './sessions.ts';
import { type Committed, type CreatedUpload, type NewUpload, Uploads } from './uploads.ts';

export interface StoreOptions {
  /** The folder; made when absent. One process at a time writes to it. */
  readonly directory: string;
  /** Bytes of all volumes together; without it, as much as the disk holds. */
  readonly limitBytes?: number | undefined;
  /** Bytes of one file as sent. */
  readonly uploadLimitBytes?: number | undefined;
  /** Unfinished uploads of one peer; a peer is whatever the caller of `createUpload` says it is. */
  readonly uploadsPerPeer?: number | undefined;
  /** Sessions of one peer that have not expired. */
  readonly sessionsPerPeer?: number | undefined;
  /** Bytes of the disk that uploads leave free. */
  readonly diskReserveBytes?: number | undefined;
  /** A session ends after this long without a call. */
  readonly sessionMs?: number | undefined;
  /** A volume goes this long after the last session that used it; its receipt likewise. */
  readonly volumeMs?: number | undefined;
  /** An unfinished upload goes after this long without a byte. */
  readonly uploadMs?: number | undefined;
  /** How often the store sweeps by itself; 0 leaves sweeping to the caller. */
  readonly sweepMs?: number | undefined;
  /** The clock, for tests: milliseconds since 1970. */
  readonly now?: (() => number) | undefined;
}

/** Volumes by digest, uploads and sessions, durable in one folder. */
export interface Store {
  /**
   * Announces a file. Throws `ARGUMENT_INVALID`, `LIMIT_EXCEEDED` or `STORE_FULL`, all before the
   * first byte is sent.
   */
  createUpload(upload: NewUpload): Promise<CreatedUpload>;
  /** How much of an upload is durable. Throws `UPLOAD_UNKNOWN`. */
  uploadState(uploadId: string): Promise<{ offsetBytes: number; sizeBytes: number }>;
  /**
   * Takes the bytes from `offset` on and commits the volume when all have come. Bytes before a cut
   * stay; a second stream takes over from the first. An offset up to the durable one is good.
   * Throws `UPLOAD_UNKNOWN`, `UPLOAD_OFFSET_MISMATCH`, `VOLUME_TRUNCATED`, `ARGUMENT_INVALID`,
   * `STORE_FULL`, `CANCELLED`.
   */
  writeUpload(
    uploadId: string,
    offset: number,
    chunks: AsyncIterable<Uint8Array>,
    signal?: AbortSignal,
  ): Promise<Committed>;
  /**
   * Finishes an upload of a file that is here already, for who shows that he holds it: `proof` is
   * the SHA-256 of the upload's nonce, then the file's bytes. A proof can be tried once an upload,
   * the same one again after a lost answer. Throws `UPLOAD_UNKNOWN`, `ARGUMENT_INVALID`,
   * `POSSESSION_UNPROVEN`, `CANCELLED`.
   */
  proveUpload(
    uploadId: string,
    claim: { volumeId: string; proof: Uint8Array },
    signal?: AbortSignal,
  ): Promise<Committed>;
  /** Takes an unfinished upload back; one that is done stays. Throws `UPLOAD_UNKNOWN`. */
  forgetUpload(uploadId: string): Promise<void>;
  /**
   * Takes back an upload that is done, whose file turned out to be of no use: nobody knows it or its
   * receipt any more, and the file goes unless another receipt or a session has it.
   */
  refuseUpload(uploadId: string): Promise<void>;
  /** The volume that a receipt shows. Throws `VOLUME_UNKNOWN`. */
  openReceipt(receipt: string): Promise<string>;
  /** What was made of a stored file; undefined when nothing was, or a part of it has expired. */
  conversionOf(volumeId: string): Promise<ConversionRecord | undefined>;
  /** Remembers what was made of a stored file. */
  keepConversion(volumeId: string, record: ConversionRecord): Promise<void>;
  /** Another receipt of a stored volume, for who has shown the file that it was made of. */
  newReceipt(volumeId: string): Promise<string>;
  /** Throws `VOLUME_UNKNOWN`, `LIMIT_EXCEEDED`. */
  createSession(session: NewSession): Promise<Session>;
  /**
   * Counts as use, and the expiry moves, unless `keepExpiry` only looks. Throws `SESSION_UNKNOWN`,
   * `SESSION_EXPIRED`.
   */
  getSession(sessionId: string, how?: { keepExpiry?: boolean }): Promise<Session>;
  deleteSession(sessionId: string): Promise<void>;
  /** Where a volume's file lies. Throws `VOLUME_UNKNOWN` for what is no volume id. */
  volumePath(volumeId: string): string;
  /** A stored volume's bytes in chunks of 1 MiB or less. */
  readVolume(volumeId: string): AsyncIterable<Uint8Array>;
  usage(): Promise<Usage>;
  /** Forgets what its time has passed for. */
  sweep(): Promise<Swept>;
  /** Ends running uploads (what has come stays) and lets the folder go. */
  close(): Promise<void>;
}

/** Opens the store in a folder. Throws `STORE_BUSY`, `STORE_CORRUPT`, `FILE_UNWRITABLE`. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const layout = layoutOf(options.directory);
  await makeFolders(layout);
  const lock = lockStore(layout.lock, layout.directory);
  try {
    const records = await CountedRecords.over(openLmdbRecords(layout.records));
    const store = new FolderStore(layout, records, options, () => lock.release());
    await store.recover();
    return store;
  } catch (error) {
    lock.release();
    throw error;
  }
}

class FolderStore implements Store {
  readonly #layout: Layout;
  readonly #records: CountedRecords;
  readonly #oneByOne = new OneByOne();
  readonly #uploads: Uploads;
  readonly #sessions: Sessions;
  readonly #options: StoreOptions;
  readonly #now: () => number;
  readonly #unlock: () => void;
  readonly #sweeper: NodeJS.Timeout | undefined;
  #sweptMs = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(layout: Layout, records: CountedRecords, options: StoreOptions, unlock: () => void) {
    this.#layout = layout;
    this.#records = records;
    this.#options = options;
    this.#unlock = unlock;
    this.#now = options.now ?? Date.now;
    const shared = { layout, records, oneByOne: this.#oneByOne, now: this.#now };
    const receiptMs = options.volumeMs ?? STORE_LIMITS.volumeMs;
    const sessionMs = options.sessionMs ?? STORE_LIMITS.sessionMs;
    this.#uploads = new Uploads({ ...shared, receiptMs });
    const perPeer = options.sessionsPerPeer ?? STORE_LIMITS.sessionsPerPeer;
    this.#sessions = new Sessions({ ...shared, sessionMs, perPeer });
    this.#sweeper = this.#startSweeping(options.sweepMs ?? STORE_LIMITS.sweepMs);
  }

  async recover(): Promise<void> {
    await this.#uploads.recover();
    await reconcileStore(this.#layout, this.#records);
  }

  createUpload(upload: NewUpload): Promise<CreatedUpload> {
    return this.#oneByOne.run(async () => {
      checkSize(upload.sizeBytes, this.#options.uploadLimitBytes ?? STORE_LIMITS.uploadLimitBytes);
      if (upload.volumeId !== undefined) assertVolumeId(upload.volumeId);
      try {
        await this.#admit(upload);
      } catch (error) {
        // A sweep walks all records, so it comes only where it may help.
        if (this.#now() - this.#sweptMs < STORE_LIMITS.sweepPauseMs) throw error;
        await this.#sweepNow();
        await this.#admit(upload);
      }
      return await this.#uploads.create(upload);
    });
  }

  async uploadState(uploadId: string): Promise<{ offsetBytes: number; sizeBytes: number }> {
    const { offsetBytes, sizeBytes } = await this.#uploads.get(uploadId);
    return { offsetBytes, sizeBytes };
  }

  writeUpload(
    uploadId: string,
    offset: number,
    chunks: AsyncIterable<Uint8Array>,
    signal?: AbortSignal,
  ): Promise<Committed> {
    return this.#uploads.write(uploadId, offset, chunks, signal);
  }

  proveUpload(
    uploadId: string,
    { volumeId, proof }: { volumeId: string; proof: Uint8Array },
    signal?: AbortSignal,
  ): Promise<Committed> {
    const claim = { volumeId, proof: Buffer.from(proof).toString('hex') };
    return this.#uploads.prove(uploadId, claim, signal);
  }

  forgetUpload(uploadId: string): Promise<void> {
    return this.#uploads.forget(uploadId);
  }

  refuseUpload(uploadId: string): Promise<void> {
    const shared = { layout: this.#layout, records: this.#records };
    return this.#oneByOne.run(() => refuseUpload(shared, uploadId));
  }

  async openReceipt(receipt: string): Promise<string> {
    const known = isPrivateId(receipt) ? await this.#records.get('receipts', receipt) : undefined;
    if (known !== undefined && this.#now() < known.expiresMs) return known.volumeId;
    throw new SextantError('VOLUME_UNKNOWN', {
      subject: 'receipt',
      got: known === undefined ? 'a receipt for no volume' : 'a receipt that has expired',
      expected: 'what UploadVolume answered, not yet expired',
      remedy: 'upload the image again',
    });
  }

  async conversionOf(volumeId: string): Promise<ConversionRecord | undefined> {
    const record = await this.#records.get('conversions', volumeId);
    for (const { made } of record?.volumes ?? []) {
      if (made === undefined) continue;
      if ((await this.#records.get('volumes', made.volumeId)) === undefined) return undefined;
    }
    return record;
  }

  keepConversion(volumeId: string, record: ConversionRecord): Promise<void> {
    return this.#oneByOne.run(async () => {
      await volumeOf(this.#records, volumeId);
      await this.#records.commit([{ table: 'conversions', key: volumeId, record }]);
    });
  }

  newReceipt(volumeId: string): Promise<string> {
    return this.#oneByOne.run(async () => {
      const volume = await volumeOf(this.#records, volumeId);
      const receipt = newPrivateId();
      const nowMs = this.#now();
      const expiresMs = nowMs + (this.#options.volumeMs ?? STORE_LIMITS.volumeMs);
      await this.#records.commit([
        { table: 'volumes', key: volumeId, record: { ...volume, releasedMs: nowMs } },
        { table: 'receipts', key: receipt, record: { volumeId, expiresMs } },
      ]);
      return receipt;
    });
  }

  createSession(session: NewSession): Promise<Session> {
    return this.#sessions.create(session);
  }

  getSession(sessionId: string, how?: { keepExpiry?: boolean }): Promise<Session> {
    return this.#sessions.get(sessionId, how);
  }

  deleteSession(sessionId: string): Promise<void> {
    return this.#sessions.delete(sessionId);
  }

  volumePath(volumeId: string): string {
    return volumePathIn(this.#layout.directory, volumeId);
  }

  async *readVolume(volumeId: string): AsyncIterable<Uint8Array> {
    const path = this.volumePath(volumeId);
    await volumeOf(this.#records, volumeId);
    yield* createReadStream(path, { highWaterMark: STORE_LIMITS.chunkBytes });
  }

  async usage(): Promise<Usage> {
    return this.#records.usage();
  }

  sweep(): Promise<Swept> {
    return this.#oneByOne.run(() => this.#sweepNow());
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#sweeper);
    await this.#uploads.stop();
    await this.#oneByOne.idle();
    await this.#records.close();
    this.#unlock();
  }

  async #admit({ sizeBytes, peer }: NewUpload): Promise<void> {
    const perPeer = this.#options.uploadsPerPeer ?? STORE_LIMITS.uploadsPerPeer;
    if (peer !== undefined && this.#records.uploadsReach(perPeer, peer)) {
      throw tooManyUploads(perPeer);
    }
    await checkRoom(sizeBytes, this.#records.usage(), {
      directory: this.#layout.directory,
      limitBytes: this.#options.limitBytes,
      diskReserveBytes: this.#options.diskReserveBytes ?? STORE_LIMITS.diskReserveBytes,
    });
  }

  #sweepNow(): Promise<Swept> {
    this.#sweptMs = this.#now();
    return sweepStore({
      layout: this.#layout,
      records: this.#records,
      volumeMs: this.#options.volumeMs ?? STORE_LIMITS.volumeMs,
      uploadMs: this.#options.uploadMs ?? STORE_LIMITS.uploadMs,
      isBeingWritten: (uploadId) => this.#uploads.isBeingWritten(uploadId),
      nowMs: this.#sweptMs,
    });
  }

  #startSweeping(everyMs: number): NodeJS.Timeout | undefined {
    if (everyMs === 0) return undefined;
    // A sweep that fails is tried again at the next turn, and at the next upload with its error.
    const sweeper = setInterval(() => this.sweep().catch(() => undefined), everyMs);
    return sweeper.unref();
  }
}
