// Works on a store until it is killed, and tells every acknowledged fact on its standard output.
// What to work on comes as JSON on its standard input.
import { createHash } from 'node:crypto';
import { readFileSync, writeSync } from 'node:fs';
import files from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import { SextantError } from '#errors';
import { openStore, type Store } from '../store.ts';
import { chunked } from '../test-support.ts';
import {
  bytesOf,
  type Contents,
  digestOf,
  type Fact,
  HOUR_MS,
  RETENTION,
  randomNumbers,
  type Work,
} from './facts.ts';

const WORKERS = 3;
const GRID = {
  shape: [2, 3, 4],
  affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
} as const;

const work = JSON.parse(readFileSync(0, 'utf8')) as Work;
const random = randomNumbers(work.seed);
const unfinished = [...work.unfinished];
const stored = [...work.stored];
const receipts = [...work.receipts];
const sessions = [...work.sessions];
let nowMs = work.nowMs;

if (work.dieAtStep > 0) dieAround(work.dieAtStep);

const store = await openStore({
  directory: work.directory,
  now: () => nowMs,
  sweepMs: 0,
  ...RETENTION,
});
tell({ fact: 'ready' });
await Promise.all(Array.from({ length: WORKERS }, () => keepWorking(store)));

/**
 * Kills this process just before or just after its so-many-th renaming, removing or opening of a
 * file: the moments between two steps on files are too short for a clock to hit.
 */
function dieAround(step: number): void {
  let steps = 0;
  const countdown = <A extends unknown[], R>(act: (...given: A) => Promise<R>) => {
    return async (...given: A): Promise<R> => {
      const isLast = ++steps === step;
      if (isLast && random() < 0.5) process.kill(process.pid, 'SIGKILL');
      const result = await act(...given);
      if (isLast) process.kill(process.pid, 'SIGKILL');
      return result;
    };
  };
  for (const name of ['rename', 'rm', 'open', 'stat', 'readdir'] as const) {
    Object.assign(files, { [name]: countdown(files[name] as never) });
  }
  syncBuiltinESMExports();
}

function tell(fact: Fact): void {
  writeSync(1, `${JSON.stringify(fact)}\n`);
}

function among(count: number): number {
  return Math.floor(random() * count);
}

function takeFrom<T>(list: T[]): T | undefined {
  return list.splice(among(list.length), 1)[0];
}

async function keepWorking(store: Store): Promise<never> {
  const steps = [send, send, resume, resume, prove, open, open, slide, end, sweep, passTime];
  for (;;) {
    const step = steps[among(steps.length)];
    await step?.(store).catch(unlessForgotten);
    await delay(random() * 2);
  }
}

/** Time passes here: what a step works on may have expired. */
function unlessForgotten(error: unknown): void {
  const reason = error instanceof SextantError ? error.reason : undefined;
  if (reason?.endsWith('_UNKNOWN') || reason?.endsWith('_EXPIRED')) return;
  throw error;
}

/** Sends a file, sometimes one that is here already, sometimes one that was announced as another. */
async function send(store: Store): Promise<void> {
  const known = random() < 0.2 ? stored[among(stored.length)] : undefined;
  const contents = known ?? {
    seed: among(2 ** 31),
    sizeBytes: 1 + among(random() < 0.2 ? 2e6 : 5e4),
  };
  const { sizeBytes } = contents;
  const isOther = random() < 0.15;
  const volumeId = isOther ? digestOf({ ...contents, seed: contents.seed + 1 }) : undefined;
  const atMs = nowMs;
  const { uploadId } = await store.createUpload({ sizeBytes, volumeId, peer: 'busy' });
  if (isOther) await sendOther(store, { uploadId, contents });
  else {
    tell({ fact: 'announced', uploadId, contents, atMs });
    await stream(store, { uploadId, contents });
  }
}

async function sendOther(store: Store, upload: { uploadId: string; contents: Contents }) {
  try {
    await store.writeUpload(upload.uploadId, 0, chunked(bytesOf(upload.contents)));
    throw new Error('other bytes than announced were stored');
  } catch (error) {
    if (!isReason(error, 'VOLUME_DIGEST_MISMATCH')) throw error;
    tell({ fact: 'refused', uploadId: upload.uploadId });
  }
}

async function resume(store: Store): Promise<void> {
  const upload = takeFrom(unfinished);
  if (upload !== undefined) await stream(store, upload);
}

/** Sends an upload's rest, or a part of it, from its durable offset or from before it. */
async function stream(store: Store, upload: { uploadId: string; contents: Contents }) {
  const { uploadId, contents } = upload;
  const { offsetBytes: durable } = await store.uploadState(uploadId);
  const from = durable > 0 && random() < 0.2 ? among(durable) : durable;
  if (from < durable) tell({ fact: 'rewinding', uploadId, offsetBytes: from });
  const until = random() < 0.5 ? contents.sizeBytes : from + among(contents.sizeBytes - from);
  const bytes = bytesOf(contents).subarray(from, until);
  const atMs = nowMs;
  try {
    const { receipt } = await store.writeUpload(uploadId, from, chunked(bytes));
    finished(upload, { receipt, atMs });
  } catch (error) {
    if (!isReason(error, 'VOLUME_TRUNCATED')) throw error;
    const { offsetBytes } = await store.uploadState(uploadId);
    tell({ fact: 'durable', uploadId, offsetBytes, atMs });
    unfinished.push(upload);
  }
}

/** Skips a transfer by a proof; a wrong one is followed by the bytes. */
async function prove(store: Store): Promise<void> {
  const contents = stored[among(stored.length)];
  if (contents === undefined) return;
  const { sizeBytes } = contents;
  const atMs = nowMs;
  const { uploadId, nonce } = await store.createUpload({ sizeBytes, peer: 'busy' });
  tell({ fact: 'announced', uploadId, contents, atMs });
  const isWrong = random() < 0.3;
  const hash = createHash('sha256').update(isWrong ? 'guessed' : nonce);
  const proof = hash.update(bytesOf(contents)).digest();
  const upload = { uploadId, contents };
  try {
    const claim = { volumeId: digestOf(contents), proof };
    const { receipt } = await store.proveUpload(uploadId, claim);
    if (isWrong) throw new Error('a wrong proof was taken');
    finished(upload, { receipt, atMs });
  } catch (error) {
    if (!isReason(error, 'POSSESSION_UNPROVEN')) throw error;
    await stream(store, upload);
  }
}

function finished(
  { uploadId, contents }: { uploadId: string; contents: Contents },
  { receipt, atMs }: { receipt: string; atMs: number },
): void {
  tell({ fact: 'stored', uploadId, receipt, atMs });
  stored.push(contents);
  receipts.push(receipt);
}

async function open(store: Store): Promise<void> {
  const receipt = receipts[among(receipts.length)];
  if (receipt === undefined) return;
  const volumeId = await store.openReceipt(receipt);
  const session = await store.createSession({ volumeId, grid: GRID, peer: 'busy' });
  const { sessionId, expiresMs } = session;
  tell({ fact: 'opened', sessionId, volumeId, expiresMs });
  sessions.push(sessionId);
}

async function slide(store: Store): Promise<void> {
  const sessionId = sessions[among(sessions.length)];
  if (sessionId === undefined) return;
  const { expiresMs } = await store.getSession(sessionId);
  tell({ fact: 'slid', sessionId, expiresMs });
}

async function end(store: Store): Promise<void> {
  const sessionId = takeFrom(sessions);
  if (sessionId === undefined) return;
  tell({ fact: 'ending', sessionId });
  await store.deleteSession(sessionId);
  tell({ fact: 'ended', sessionId });
}

async function sweep(store: Store): Promise<void> {
  await store.sweep();
}

async function passTime(): Promise<void> {
  const later = nowMs + among(HOUR_MS / 4);
  tell({ fact: 'clock', nowMs: later });
  nowMs = later;
}

function isReason(error: unknown, reason: SextantError['reason']): boolean {
  return error instanceof SextantError && error.reason === reason;
}
