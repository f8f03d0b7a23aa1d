import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SextantError } from '#errors';
import { layoutOf } from '../layout.ts';
import { openLmdbRecords } from '../lmdb-records.ts';
import type { Tables } from '../records.ts';
import type { Store } from '../store.ts';
import { chunked } from '../test-support.ts';
import { bytesOf, type Contents, digestOf, type Fact, RETENTION } from './facts.ts';

interface KnownUpload {
  readonly contents: Contents;
  offsetBytes: number;
  touchedMs: number;
  receipt?: string;
}

interface KnownSession {
  readonly volumeId: string;
  expiresMs: number;
  state: 'open' | 'ending' | 'ended';
}

/** Everything that killed processes have acknowledged, and the time it was. */
export class Ledger {
  readonly uploads = new Map<string, KnownUpload>();
  readonly sessions = new Map<string, KnownSession>();
  readonly #refused = new Set<string>();
  nowMs: number;
  facts = 0;

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  note(fact: Fact): void {
    if (fact.fact === 'ready') return;
    this.facts += 1;
    if (fact.fact === 'clock') this.nowMs = Math.max(this.nowMs, fact.nowMs);
    else if (fact.fact === 'refused') this.#refused.add(fact.uploadId);
    else if ('uploadId' in fact) this.#noteUpload(fact);
    else this.#noteSession(fact);
  }

  /** Holds an opened store to all that was acknowledged and has not expired since. */
  async compare(store: Store): Promise<void> {
    for (const [uploadId, upload] of this.uploads) {
      if (this.nowMs >= upload.touchedMs + RETENTION.uploadMs) this.uploads.delete(uploadId);
      else await this.#compareUpload(store, uploadId, upload);
    }
    for (const uploadId of this.#refused) {
      await assert.rejects(store.uploadState(uploadId), { reason: 'UPLOAD_UNKNOWN' });
    }
    this.#refused.clear();
    for (const [sessionId, session] of this.sessions) {
      if (this.nowMs >= session.expiresMs) this.sessions.delete(sessionId);
      else await this.#compareSession(store, sessionId, session);
    }
  }

  /** Sends the rest of one unfinished upload: what was durable must be the bytes that were sent. */
  async finishOne(store: Store): Promise<void> {
    const next = [...this.uploads].find(([, { receipt }]) => receipt === undefined);
    if (next === undefined) return;
    const [uploadId, upload] = next;
    const { offsetBytes } = await store.uploadState(uploadId);
    const rest = bytesOf(upload.contents).subarray(offsetBytes);
    const { volumeId, receipt } = await store.writeUpload(uploadId, offsetBytes, chunked(rest));
    assert.equal(volumeId, digestOf(upload.contents), `the digest of resumed upload ${uploadId}`);
    Object.assign(upload, {
      receipt,
      offsetBytes: upload.contents.sizeBytes,
      touchedMs: this.nowMs,
    });
  }

  #noteUpload(fact: Extract<Fact, { uploadId: string }>): void {
    if (fact.fact === 'announced') {
      const { uploadId, contents, atMs } = fact;
      this.uploads.set(uploadId, { contents, offsetBytes: 0, touchedMs: atMs });
      return;
    }
    const upload = this.uploads.get(fact.uploadId);
    assert.ok(upload, `a fact of an upload that was not announced: ${JSON.stringify(fact)}`);
    if ('atMs' in fact) upload.touchedMs = fact.atMs;
    if (fact.fact === 'rewinding' || fact.fact === 'durable') upload.offsetBytes = fact.offsetBytes;
    if (fact.fact !== 'stored') return;
    upload.offsetBytes = upload.contents.sizeBytes;
    upload.receipt = fact.receipt;
  }

  #noteSession(fact: Extract<Fact, { sessionId: string }>): void {
    if (fact.fact === 'opened') {
      const { sessionId, volumeId, expiresMs } = fact;
      this.sessions.set(sessionId, { volumeId, expiresMs, state: 'open' });
      return;
    }
    const session = this.sessions.get(fact.sessionId);
    assert.ok(session, `a fact of a session that was not opened: ${JSON.stringify(fact)}`);
    if (fact.fact === 'slid') session.expiresMs = Math.max(session.expiresMs, fact.expiresMs);
    else session.state = fact.fact;
  }

  async #compareUpload(store: Store, uploadId: string, upload: KnownUpload): Promise<void> {
    const { contents } = upload;
    const { offsetBytes, sizeBytes } = await store.uploadState(uploadId);
    assert.equal(sizeBytes, contents.sizeBytes, `the size of upload ${uploadId}`);
    assert.ok(
      offsetBytes >= upload.offsetBytes,
      `upload ${uploadId}: ${upload.offsetBytes} bytes acknowledged, ${offsetBytes} there`,
    );
    if (offsetBytes < sizeBytes) return;
    // Complete, or with every byte durable: the answer that may have been lost comes again.
    const { volumeId, receipt } = await store.writeUpload(uploadId, sizeBytes, chunked(NOTHING));
    assert.equal(volumeId, digestOf(contents), `the digest of upload ${uploadId}`);
    assert.equal(receipt, upload.receipt ?? receipt, `the receipt of upload ${uploadId}`);
    Object.assign(upload, { receipt, offsetBytes: sizeBytes });
    if (this.nowMs >= upload.touchedMs + RETENTION.volumeMs) return;
    assert.equal(await store.openReceipt(receipt), volumeId, `the receipt of upload ${uploadId}`);
    await stat(store.volumePath(volumeId));
  }

  async #compareSession(store: Store, sessionId: string, session: KnownSession): Promise<void> {
    const { state, volumeId, expiresMs } = session;
    const found = await store.getSession(sessionId, { keepExpiry: true }).catch(unlessUnknown);
    if (state === 'ending' && found === undefined) session.state = 'ended';
    if (state === 'ending') return;
    assert.equal(found !== undefined, state === 'open', `session ${sessionId} is ${state}`);
    if (found === undefined) return;
    assert.equal(found.volumeId, volumeId, `the volume of session ${sessionId}`);
    await stat(store.volumePath(volumeId));
    // A slide by less than a minute is told and not written: the session lives on all the same.
    assert.ok(found.expiresMs > expiresMs - SLACK_MS, `the expiry of session ${sessionId}`);
  }
}

const NOTHING = new Uint8Array();
const SLACK_MS = 60_000;

/** Every file that can be seen as a volume is whole: its bytes have the digest that it is named by. */
export async function assertWholeVolumes(directory: string): Promise<void> {
  const { volumes } = layoutOf(directory);
  for (const name of await readdir(volumes).catch(() => [])) {
    const digest = createHash('sha256')
      .update(await readFile(join(volumes, name)))
      .digest('hex');
    assert.equal(digest, name, 'the digest of a visible volume');
  }
}

/** A closed store has a file for each record and a record for each file, and nothing besides. */
export async function assertNothingLeftOver(directory: string): Promise<void> {
  const layout = layoutOf(directory);
  const records = openLmdbRecords(layout.records);
  try {
    const volumes = new Map<string, Tables['volumes']>();
    for await (const [id, record] of records.entries('volumes')) volumes.set(id, record);
    const files = (await readdir(layout.volumes)).sort();
    assert.deepEqual(files, [...volumes.keys()].sort(), 'files and records of volumes');
    for (const [id, { sizeBytes }] of volumes) {
      assert.equal((await stat(join(layout.volumes, id))).size, sizeBytes, `the size of ${id}`);
    }
    const parts = new Set(await readdir(layout.uploads));
    for await (const [id, { offsetBytes, done }] of records.entries('uploads')) {
      const isThere = parts.delete(`${id}.part`);
      if (done !== undefined) assert.ok(!isThere, `a part of finished upload ${id}`);
      if (done !== undefined || offsetBytes === 0) continue;
      const { size } = await stat(join(layout.uploads, `${id}.part`));
      assert.ok(size >= offsetBytes, `${size} bytes of upload ${id}, ${offsetBytes} durable`);
    }
    assert.deepEqual([...parts], [], 'parts without a record');
  } finally {
    await records.close();
  }
}

function unlessUnknown(error: unknown): undefined {
  if (error instanceof SextantError && error.reason === 'SESSION_UNKNOWN') return;
  throw error;
}
