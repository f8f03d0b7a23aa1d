// Fills the small disk under a store and prints, as JSON, what became of it. The folder, which has
// a file system of its own, comes as the only argument.
import { createHash } from 'node:crypto';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { SextantError } from '#errors';
import { hasNoRoom } from '../disk-full.ts';
import { openStore, type Store } from '../store.ts';
import { chunked, patternBytes } from '../test-support.ts';

const MIB = 2 ** 20;
const GRID = {
  shape: [2, 3, 4],
  affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
} as const;

const [, , folder = ''] = process.argv;
const directory = join(folder, 'data');
const filler = join(folder, 'filler');
const DAY_MS = 86_400_000;
let laterMs = 0;
const now = () => Date.now() + laterMs;
const openHere = () => openStore({ directory, sweepMs: 0, diskReserveBytes: 0, now });
const first = patternBytes(MIB, 1);
const second = patternBytes(8 * MIB, 2);

let store = await openHere();
const { uploadId: firstId } = await store.createUpload({ sizeBytes: first.length });
const { volumeId, receipt } = await store.writeUpload(firstId, 0, chunked(first));
const { sessionId } = await store.createSession({ volumeId, grid: GRID });
const { uploadId } = await store.createUpload({ sizeBytes: second.length });
const cut = chunked(second.subarray(0, 2 * MIB));
const truncated = await outcome(store.writeUpload(uploadId, 0, cut));

fillUp();
const full = {
  hasNoRoom: await hasNoRoom(directory),
  upload: await outcome(store.writeUpload(uploadId, 2 * MIB, chunked(second.subarray(2 * MIB)))),
  announcing: await outcome(store.createUpload({ sizeBytes: MIB })),
  sessions: await untilRefused(store),
  offsetBytes: (await store.uploadState(uploadId)).offsetBytes,
  receiptOpens: (await store.openReceipt(receipt)) === volumeId,
  session: await outcome(store.getSession(sessionId, { keepExpiry: true })),
};
rmSync(filler);
const roomAgain = !(await hasNoRoom(directory));
const resumed = await resume(store);
const session = await outcome(store.createSession({ volumeId, grid: GRID }));
await store.close();
store = await openHere();
const again = {
  receiptOpens: (await store.openReceipt(receipt)) === volumeId,
  storedBytes: (await store.usage()).storedBytes,
};
fillUp();
const refusal = await untilRefused(store);
laterMs = 40 * DAY_MS;
const swept = { refusal, sweep: await outcome(store.sweep()), ...(await store.usage()) };
await store.close();
console.log(JSON.stringify({ truncated, full, roomAgain, resumed, session, again, swept }));

async function resume(store: Store): Promise<boolean> {
  const { offsetBytes } = await store.uploadState(uploadId);
  const rest = chunked(second.subarray(offsetBytes));
  const committed = await store.writeUpload(uploadId, offsetBytes, rest);
  return committed.volumeId === createHash('sha256').update(second).digest('hex');
}

/** Opens sessions until the records can grow no more, and tells why. */
async function untilRefused(store: Store): Promise<string> {
  for (let i = 0; i < 5000; i++) {
    const reason = await outcome(store.createSession({ volumeId, grid: GRID }));
    if (reason !== 'OK') return reason;
  }
  return 'OK';
}

function fillUp(): void {
  const file = openSync(filler, 'w');
  for (const size of [MIB, 4096, 1]) {
    try {
      for (;;) writeSync(file, Buffer.alloc(size));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
  closeSync(file);
}

async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'OK';
  } catch (error) {
    return error instanceof SextantError ? error.reason : String(error);
  }
}
