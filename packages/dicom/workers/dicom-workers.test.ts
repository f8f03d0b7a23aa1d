import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SextantError } from '#errors';
import type { FrameRequest } from '../frame-request.ts';
import type { PixelLayout } from '../instance.ts';
import { sliceFile } from '../testing/synthetic-series.ts';
import { type DicomWorkers, startDicomWorkers } from './index.ts';

describe('threads that read DICOM', () => {
  let folder: string;
  let workers: DicomWorkers;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-test-'));
  });

  afterEach(async () => {
    await workers?.close();
    rmSync(folder, { recursive: true });
  });

  function files(count: number) {
    return Array.from({ length: count }, (_, n) => {
      const path = join(folder, `${n}`);
      writeFileSync(path, sliceFile({ position: [0, 0, n] }, n));
      return { path, name: `slice ${n}` };
    });
  }

  /** Files with so much before their samples that no short header holds it. */
  function longHeaders(count: number) {
    return Array.from({ length: count }, (_, n) => {
      const path = join(folder, `long ${n}`);
      const file = Buffer.from(sliceFile({ position: [0, 0, n] }, n));
      const samples = file.lastIndexOf(Buffer.from([0xe0, 0x7f, 0x10, 0x00]));
      // (7FDF,1010) OB, private.
      const stuffing = Buffer.alloc(12 + 2 ** 18);
      stuffing.writeUInt32LE(0x10107fdf, 0);
      stuffing.write('OB', 4, 'latin1');
      stuffing.writeUInt32LE(2 ** 18, 8);
      writeFileSync(
        path,
        Buffer.concat([file.subarray(0, samples), stuffing, file.subarray(samples)]),
      );
      return { path, name: `long ${n}` };
    });
  }

  async function requests(count: number) {
    const scanned = await workers.scan(files(count));
    return scanned.map((one) => {
      assert.equal(one.what, 'instance');
      const { path, name, pixels: layout, location } = one.instance;
      return { path, name, layout, location, frames: [0] };
    });
  }

  /** An image of RLE that is seven everywhere, of so many columns and rows, behind other bytes. */
  function slowRequest(
    layout: PixelLayout,
    side: number,
    before: Uint8Array = new Uint8Array(),
  ): FrameRequest {
    const path = join(folder, `slow ${side}`);
    const sevens = Buffer.alloc(2 * Math.ceil(side ** 2 / 128), Buffer.from([129, 7]));
    const segment = Buffer.concat([before, sevens]);
    writeFileSync(path, Buffer.concat([rleHeader(), segment]));
    const bits = { bitsAllocated: 8, bitsStored: 8, highBit: 7 };
    const transferSyntaxUid = '1.2.840.10008.1.2.5';
    return {
      path,
      name: 'the slow one',
      layout: { ...layout, ...bits, rows: side, columns: side, transferSyntaxUid },
      location: { kind: 'encapsulated', frames: [[[0, 64 + segment.length]]] },
      frames: [0],
    };
  }

  it('answer in the order asked, and tell how far they are', async () => {
    workers = startDicomWorkers({ count: 2 });
    const done: number[] = [];
    const scanned = await workers.scan(files(150), { onProgress: (n) => done.push(n) });
    assert.deepEqual(
      scanned.map((one) => one.what === 'instance' && one.instance.name),
      files(150).map(({ name }) => name),
    );
    assert.equal(done.at(-1), 150);
    assert.ok(done.length > 1);
  });

  it('decode many files into one memory, and use it again', async () => {
    workers = startDicomWorkers({ count: 1 });
    const asked = await requests(5);
    const first = await workers.decode(asked);
    const copy = Buffer.from(first.bytes);
    assert.deepEqual(
      [...new Int16Array(copy.buffer, copy.byteOffset, 60)].filter((_, n) => n % 12 === 0),
      [0, 1, 2, 3, 4],
    );
    workers.release(first);
    const second = await workers.decode(asked);
    assert.equal(second.bytes.buffer, first.bytes.buffer);
    assert.deepEqual(Buffer.from(second.bytes), copy);
  });

  it('take what does not lie in the file as it is to threads, and give their memory back to them', async () => {
    workers = startDicomWorkers({ count: 1 });
    const [asked] = await requests(1);
    assert.ok(asked !== undefined);
    const compressed = slowRequest(asked.layout, 16);
    const first = await workers.decode([compressed]);
    assert.deepEqual(Buffer.from(first.bytes), Buffer.alloc(256, 7));
    workers.release(first);
    const second = await workers.decode([compressed]);
    assert.equal(first.bytes.length, 0, 'its memory has gone to the thread');
    assert.deepEqual(Buffer.from(second.bytes), Buffer.alloc(256, 7));
  });

  it("look into short headers on the caller's thread, with the same answer", async () => {
    workers = startDicomWorkers({ count: 2 });
    const all = [...files(40), ...longHeaders(20), ...files(600)];
    writeFileSync(join(folder, '3'), 'no DICOM');
    const told: number[] = [];
    const here = startDicomWorkers({ count: 2, scansHere: true });
    try {
      const scanned = await here.scan(all, { onProgress: (done) => told.push(done) });
      assert.deepEqual(scanned, await workers.scan(all));
      assert.equal(told.at(-1), all.length);
      assert.ok(told.every((done, n) => done > (told[n - 1] ?? 0)));
    } finally {
      await here.close();
    }
  });

  it('end with a thread that takes too long, name the file, and go on', async () => {
    workers = startDicomWorkers({ count: 1 });
    const [asked] = await requests(1);
    assert.ok(asked !== undefined);
    const hasty = startDicomWorkers({ count: 1, taskLimitMs: 1 });
    // A hundred million pixels: no thread does that in a dozen milliseconds.
    await assert.rejects(hasty.decode([slowRequest(asked.layout, 10_000)]), (error) => {
      assert.ok(error instanceof SextantError);
      assert.equal(error.reason, 'DECODER_STALLED');
      assert.match(error.message, /the slow one/);
      return true;
    });
    await hasty.close();
    assert.equal((await workers.decode([asked])).bytes.length, 24);
  });

  it('give a large image the longer', async () => {
    workers = startDicomWorkers({ count: 1 });
    const [asked] = await requests(1);
    assert.ok(asked !== undefined);
    // Large enough for the most that an image's time is multiplied by.
    const slow = slowRequest(asked.layout, 13_000);
    await workers.decode([slow]);
    const start = performance.now();
    await workers.decode([slow]);
    const tookMs = performance.now() - start;
    const hasty = startDicomWorkers({ count: 1, taskLimitMs: tookMs / 3 });
    try {
      assert.equal((await hasty.decode([slow])).bytes.length, 13_000 ** 2);
    } finally {
      await hasty.close();
    }
  });

  it('give each of many frames its time, however long all of them take', async () => {
    workers = startDicomWorkers({ count: 1 });
    const [asked] = await requests(1);
    assert.ok(asked !== undefined);
    // 128 means nothing (PS3.5 G.3.1): a small frame that takes its time.
    const small = slowRequest(asked.layout, 16, Buffer.alloc(4 * 2 ** 20, 128));
    const many = { ...small, frames: new Array<number>(60).fill(0) };
    await workers.decode([many]);
    const start = performance.now();
    await workers.decode([many]);
    const tookMs = performance.now() - start;
    const hasty = startDicomWorkers({ count: 1, taskLimitMs: tookMs / 2 });
    try {
      assert.equal((await hasty.decode([many])).bytes.length, 60 * 16 ** 2);
    } finally {
      await hasty.close();
    }
  }).timeout(20_000);

  it('name the file whose frame takes too long, and not those before it', async () => {
    workers = startDicomWorkers({ count: 1, taskLimitMs: 1000 });
    const [asked] = await requests(1);
    assert.ok(asked !== undefined);
    const quick = slowRequest(asked.layout, 16);
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    // It is opened when somebody writes to it.
    const endless = { ...quick, path, name: 'the endless one' };
    const reading = workers.decode([quick, { ...quick, frames: [0, 0] }, endless, quick]);
    try {
      await assert.rejects(reading, { reason: 'DECODER_STALLED', message: /the endless one/ });
    } finally {
      closeSync(openSync(path, 'w'));
    }
  });

  it('end with a thread that dies, and fail nothing else', async () => {
    workers = startDicomWorkers({ count: 1 });
    const [asked] = await requests(1);
    assert.ok(asked !== undefined);
    // More than can be allocated, which nothing in the thread expects; compressed, or no thread is asked.
    const bits = { bitsAllocated: 8, bitsStored: 8, highBit: 7 };
    const layout = {
      ...asked.layout,
      ...bits,
      rows: 65535,
      columns: 65535,
      transferSyntaxUid: '1.2.840.10008.1.2.5',
    };
    const frames = Array.from({ length: 9000 }, (_, n) => n);
    const location = {
      kind: 'encapsulated' as const,
      frames: frames.map(() => [[0, 64] as const]),
    };
    const request = { ...asked, name: 'the deadly one', layout, location, frames };
    // Asked for first, in one batch with others: it is the one that is named.
    const deadly = workers.decode([slowRequest(asked.layout, 16), request]);
    const others = Promise.all(Array.from({ length: 10 }, () => workers.decode([asked])));
    await assert.rejects(deadly, (error) => {
      assert.ok(error instanceof SextantError);
      assert.equal(error.reason, 'VOLUME_CORRUPT');
      assert.match(error.message, /the deadly one/);
      return true;
    });
    for (const { bytes } of await others) assert.equal(bytes.length, 24);
  });

  it('tell everyone who waits when they are closed', async () => {
    workers = startDicomWorkers({ count: 1 });
    const [asked] = await requests(1);
    assert.ok(asked !== undefined);
    const waiting = Array.from({ length: 4 }, () => workers.decode([asked]));
    const scanning = workers.scan(files(500));
    const told = Promise.allSettled([...waiting, scanning]);
    await workers.close();
    for (const one of await told) {
      assert.equal(one.status, 'rejected');
      assert.equal(one.reason.reason, 'CANCELLED');
    }
    await assert.rejects(workers.decode([asked]), { reason: 'CANCELLED' });
  });

  it('take a pipe for no file, instead of waiting for it', async () => {
    workers = startDicomWorkers({ count: 1 });
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const [scanned] = await workers.scan([{ path: pipe, name: 'a pipe' }]);
    assert.equal(scanned?.what, 'apart');
  });

  it('stop at once for a caller that cancels', async () => {
    workers = startDicomWorkers({ count: 1 });
    const controller = new AbortController();
    const scanning = workers.scan(files(2000), { signal: controller.signal });
    controller.abort();
    await assert.rejects(
      scanning,
      (error) => error instanceof SextantError && error.reason === 'CANCELLED',
    );
    assert.equal((await workers.scan(files(1))).length, 1);
  });

  it('keep no process alive', () => {
    const program = `
      import { startDicomWorkers } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
      const workers = startDicomWorkers({ count: 2 });
      const [scanned] = await workers.scan([{ path: import.meta.filename, name: 'this' }]);
      if (scanned.what !== 'apart') throw new Error(scanned.what);
    `;
    const path = join(folder, 'leaves.ts');
    writeFileSync(path, program);
    execFileSync(process.execPath, ['--import=tsx', path], {
      cwd: join(import.meta.dirname, '../../..'),
      timeout: 10_000,
    });
  });
});

/** One segment, right behind the header (PS3.5 G.5). */
function rleHeader(): Buffer {
  const header = Buffer.alloc(64);
  header.writeUInt32LE(1, 0);
  header.writeUInt32LE(64, 4);
  return header;
}
