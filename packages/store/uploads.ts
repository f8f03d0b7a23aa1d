import { randomBytes } from 'node:crypto';
import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SextantError } from '#errors';
import { FlushAhead } from './flush-ahead.ts';
import { isPrivateId, newPrivateId } from './ids.ts';
import { type Layout, partPath, syncFolder } from './layout.ts';
import type { OneByOne } from './one-by-one.ts';
import { PartFile } from './part-file.ts';
import { assertClaim, type Claim, Possession, unproven } from './possession.ts';
import type { Change, Records, UploadRecord } from './records.ts';
import { untilAborted } from './until-aborted.ts';

export interface Committed {
  readonly volumeId: string;
  readonly receipt: string;
}

/** What a client announces. */
export interface NewUpload {
  readonly sizeBytes: number;
  /** SHA-256 of the bytes to come, where the client knows it. */
  readonly volumeId?: string | undefined;
  /** Who announces it: what `uploadsPerPeer` counts by. */
  readonly peer?: string | undefined;
}

export interface CreatedUpload {
  readonly uploadId: string;
  /** 32 random bytes, for a proof of possession. */
  readonly nonce: Uint8Array;
}

interface Writer {
  readonly supersede: AbortController;
  readonly ended: Promise<void>;
}

/** As many as the digest has: no shorter way to a proof than the bytes. */
const NONCE_BYTES = 32;

export interface UploadsOptions {
  readonly layout: Layout;
  readonly records: Records;
  readonly oneByOne: OneByOne;
  readonly receiptMs: number;
  readonly now: () => number;
}

/** Bytes on their way into the store. */
export class Uploads {
  readonly #layout: Layout;
  readonly #records: Records;
  readonly #oneByOne: OneByOne;
  readonly #receiptMs: number;
  readonly #now: () => number;
  readonly #possession = new Possession();
  readonly #writers = new Map<string, Writer>();

  constructor({ layout, records, oneByOne, receiptMs, now }: UploadsOptions) {
    this.#layout = layout;
    this.#records = records;
    this.#oneByOne = oneByOne;
    this.#receiptMs = receiptMs;
    this.#now = now;
  }

  async create({ sizeBytes, volumeId, peer }: NewUpload): Promise<CreatedUpload> {
    const uploadId = newPrivateId();
    const nonce = randomBytes(NONCE_BYTES);
    const start = { offsetBytes: 0, touchedMs: this.#now() };
    const announced = { sizeBytes, nonce: nonce.toString('hex'), announcedId: volumeId, peer };
    const record = { ...announced, ...start };
    await this.#records.commit([{ table: 'uploads', key: uploadId, record }]);
    return { uploadId, nonce };
  }

  async get(uploadId: string): Promise<UploadRecord> {
    const record = isPrivateId(uploadId) ? await this.#records.get('uploads', uploadId) : undefined;
    if (record !== undefined) return record;
    throw new SextantError('UPLOAD_UNKNOWN', {
      subject: 'upload_id',
      got: 'an id of no upload',
      expected: 'an id that CreateUpload gave and that has not expired',
    });
  }

  isBeingWritten(uploadId: string): boolean {
    return this.#writers.has(uploadId);
  }

  async write(
    uploadId: string,
    offset: number,
    chunks: AsyncIterable<Uint8Array>,
    signal?: AbortSignal,
  ): Promise<Committed> {
    return await this.#asWriter(uploadId, signal, (either) =>
      this.#receive(uploadId, offset, chunks, either),
    );
  }

  /**
   * Finishes an upload without its bytes, for a client that has shown that it holds them. One proof
   * can be tried; the same again is the same try, since its answer may have been lost.
   */
  async prove(uploadId: string, claim: Claim, signal?: AbortSignal): Promise<Committed> {
    return await this.#asWriter(uploadId, signal, (either) => this.#prove(uploadId, claim, either));
  }

  /** Takes an unfinished upload back, for who will not go on with it: its room is free at once. */
  async forget(uploadId: string): Promise<void> {
    await this.#asWriter(uploadId, undefined, async () => {
      if ((await this.get(uploadId)).done !== undefined) return;
      await this.#records.commit([{ table: 'uploads', key: uploadId, record: undefined }]);
      await rm(partPath(this.#layout, uploadId), { force: true });
    });
  }

  /** Ends every write that runs; what they have received stays. */
  async stop(): Promise<void> {
    const writers = [...this.#writers.values()];
    for (const writer of writers) writer.supersede.abort(superseded('the store is closing'));
    await Promise.all(writers.map((writer) => writer.ended));
  }

  /**
   * Finishes what a crash left between renaming a part and recording the volume, so that an offset
   * once acknowledged stays so.
   */
  async recover(): Promise<void> {
    for await (const [uploadId, record] of this.#records.entries('uploads')) {
      if (record.committing === undefined || record.done !== undefined) continue;
      const file = await stat(join(this.#layout.volumes, record.committing)).catch(() => undefined);
      const part = await stat(partPath(this.#layout, uploadId)).catch(() => undefined);
      if (file?.size !== record.sizeBytes || part !== undefined) continue;
      await this.#record(uploadId, record, record.committing);
    }
  }

  /** Runs `work` as the only one that changes this upload. */
  async #asWriter<T>(
    uploadId: string,
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    await this.get(uploadId);
    const leave = await this.#becomeWriter(uploadId);
    try {
      return await work(
        signal === undefined ? leave.signal : AbortSignal.any([leave.signal, signal]),
      );
    } finally {
      leave.done();
    }
  }

  async #prove(uploadId: string, claim: Claim, signal: AbortSignal): Promise<Committed> {
    const record = await this.get(uploadId);
    assertClaim(claim, record);
    if (record.done !== undefined) return record.done;
    const tried = { ...record, claim };
    await this.#records.commit([{ table: 'uploads', key: uploadId, record: tried }]);
    const stored = await this.#records.get('volumes', claim.volumeId);
    const path =
      stored?.sizeBytes === record.sizeBytes
        ? join(this.#layout.volumes, claim.volumeId)
        : undefined;
    if (!(await this.#possession.isProven(claim, { ...record, path }, signal))) {
      // Known from now on: a wrong proof that is repeated costs no second reading.
      const failed = { ...record, claim: { ...claim, failed: true as const } };
      await this.#records.commit([{ table: 'uploads', key: uploadId, record: failed }]);
      throw unproven();
    }
    return await this.#oneByOne.run(async () => {
      if (!(await this.#isStored(claim.volumeId, record.sizeBytes))) throw unproven();
      const committed = await this.#record(uploadId, tried, claim.volumeId);
      await rm(partPath(this.#layout, uploadId), { force: true });
      return committed;
    });
  }

  /** A client that lost its connection comes again before the server has noticed: it takes over. */
  async #becomeWriter(uploadId: string): Promise<{ signal: AbortSignal; done: () => void }> {
    for (let other = this.#writers.get(uploadId); other; other = this.#writers.get(uploadId)) {
      other.supersede.abort(superseded('another stream has taken the upload over'));
      await other.ended;
    }
    const supersede = new AbortController();
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#writers.set(uploadId, { supersede, ended });
    const done = () => {
      this.#writers.delete(uploadId);
      end();
    };
    return { signal: supersede.signal, done };
  }

  async #receive(
    uploadId: string,
    offset: number,
    chunks: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<Committed> {
    const record = await this.get(uploadId);
    checkOffset(offset, record);
    if (record.done !== undefined)
      return await this.#again(uploadId, record, untilAborted(chunks, signal));
    if (offset < record.offsetBytes) await this.#remember(uploadId, record, offset);
    const part = await PartFile.open(partPath(this.#layout, uploadId), offset, signal);
    try {
      if (offset === 0) await syncFolder(this.#layout.uploads);
      await this.#append(part, uploadId, record, chunks, signal);
    } catch (error) {
      await this.#keep(part, uploadId, record);
      throw error;
    }
    const volumeId = part.digest();
    await part.close();
    return await this.#oneByOne.run(() => this.#commit(uploadId, volumeId));
  }

  async #append(
    part: PartFile,
    uploadId: string,
    record: UploadRecord,
    chunks: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<void> {
    const ahead = new FlushAhead(part, (offset) => this.#remember(uploadId, record, offset));
    try {
      for await (const chunk of untilAborted(chunks, signal)) {
        if (part.offset + chunk.length > record.sizeBytes) throw tooManyBytes(record);
        await part.append(chunk);
        await ahead.advance();
      }
    } finally {
      await ahead.end();
    }
    await part.finish();
    if (part.offset < record.sizeBytes) throw tooFewBytes(part.offset, record);
    await this.#remember(uploadId, record, await part.sync());
  }

  /** After a cut: what has come is made durable, so that the client need not send it again. */
  async #keep(part: PartFile, uploadId: string, record: UploadRecord): Promise<void> {
    try {
      await this.#remember(uploadId, record, await part.sync());
    } finally {
      await part.close();
    }
  }

  async #remember(uploadId: string, record: UploadRecord, offsetBytes: number): Promise<void> {
    const moved = { ...record, committing: undefined, offsetBytes, touchedMs: this.#now() };
    await this.#records.commit([{ table: 'uploads', key: uploadId, record: moved }]);
  }

  async #commit(uploadId: string, volumeId: string): Promise<Committed> {
    // Bytes have come after all: the claim that failed before them is no way to their receipt.
    const record = { ...(await this.get(uploadId)), claim: undefined };
    const part = partPath(this.#layout, uploadId);
    if (volumeId !== (record.announcedId ?? volumeId)) {
      await this.#records.commit([{ table: 'uploads', key: uploadId, record: undefined }]);
      await rm(part, { force: true });
      throw otherBytes(volumeId, record);
    }
    if (await this.#isStored(volumeId, record.sizeBytes)) {
      const committed = await this.#record(uploadId, record, volumeId);
      await rm(part, { force: true });
      return committed;
    }
    const intent = { ...record, committing: volumeId };
    await this.#records.commit([{ table: 'uploads', key: uploadId, record: intent }]);
    await rename(part, join(this.#layout.volumes, volumeId));
    await syncFolder(this.#layout.volumes);
    return await this.#record(uploadId, record, volumeId);
  }

  /** A record alone is not enough: a sweep that ran out of disk may have taken the file and not it. */
  async #isStored(volumeId: string, sizeBytes: number): Promise<boolean> {
    if ((await this.#records.get('volumes', volumeId)) === undefined) return false;
    const file = await stat(join(this.#layout.volumes, volumeId)).catch(() => undefined);
    return file?.size === sizeBytes;
  }

  async #record(uploadId: string, upload: UploadRecord, volumeId: string): Promise<Committed> {
    const { sizeBytes } = upload;
    const receipt = newPrivateId();
    const nowMs = this.#now();
    const done = { volumeId, receipt };
    const ended = { offsetBytes: sizeBytes, touchedMs: nowMs, committing: undefined, done };
    const finished = { ...upload, ...ended };
    const changes: Change[] = [
      { table: 'volumes', key: volumeId, record: { sizeBytes, releasedMs: nowMs } },
      { table: 'receipts', key: receipt, record: { volumeId, expiresMs: nowMs + this.#receiptMs } },
      { table: 'uploads', key: uploadId, record: finished },
    ];
    await this.#records.commit(changes);
    return done;
  }

  /** The answer was lost on its way: the same answer again, to a client that sends nothing more. */
  async #again(uploadId: string, record: UploadRecord, chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      if (chunk.length > 0) throw tooManyBytes(record);
    }
    if (record.done === undefined) throw new Error(`upload ${uploadId} is not done`);
    return record.done;
  }
}

function checkOffset(offset: number, { offsetBytes, done }: UploadRecord): void {
  const lowest = done === undefined ? 0 : offsetBytes;
  if (Number.isSafeInteger(offset) && offset >= lowest && offset <= offsetBytes) return;
  throw new SextantError('UPLOAD_OFFSET_MISMATCH', {
    subject: 'header.offset_bytes',
    got: String(offset),
    expected: `${offsetBytes}, the bytes that have arrived`,
    remedy: 'ask GetUpload and continue there',
  });
}

function superseded(got: string): SextantError {
  return new SextantError('CANCELLED', { subject: 'upload', got, expected: 'to run to its end' });
}

function otherBytes(volumeId: string, { announcedId }: UploadRecord): SextantError {
  return new SextantError('VOLUME_DIGEST_MISMATCH', {
    subject: 'upload',
    got: `bytes whose SHA-256 is ${volumeId}`,
    expected: `${announcedId}, which CreateUpload announced`,
    remedy: 'look whether the file has changed, and create an upload again',
  });
}

function tooManyBytes({ sizeBytes }: UploadRecord): SextantError {
  return new SextantError('ARGUMENT_INVALID', {
    subject: 'chunk',
    got: 'more bytes',
    expected: `the ${sizeBytes} bytes that CreateUpload announced`,
  });
}

function tooFewBytes(offset: number, { sizeBytes }: UploadRecord): SextantError {
  return new SextantError('VOLUME_TRUNCATED', {
    subject: 'upload',
    got: `${offset} bytes`,
    expected: `the ${sizeBytes} bytes that CreateUpload announced`,
    remedy: `continue at offset ${offset}`,
  });
}
