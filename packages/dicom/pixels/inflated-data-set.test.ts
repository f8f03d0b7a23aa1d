import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scanFile } from '../scan/scan-file.ts';
import { deflatedFile } from '../testing/deflated-file.ts';
import { dicomFile } from '../testing/dicom-file.ts';
import { sliceFile } from '../testing/synthetic-series.ts';
import { decodeFrames } from './decode-frames.ts';

const META_BYTES = dicomFile([], { transferSyntaxUid: '1.2.840.10008.1.2.1.99' }).length;
const MIB = 2 ** 20;

describe('a deflated data set', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-deflated-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** One slice, and what follows it in the stream. */
  function scanned(behind: Uint8Array, cut = Number.POSITIVE_INFINITY) {
    const path = join(folder, 'x.dcm');
    const whole = deflatedFile(sliceFile({ position: [0, 0, 0], value: 7 }, 0), behind);
    writeFileSync(path, whole.subarray(0, META_BYTES + cut));
    return scanFile(path, 'x.dcm');
  }

  async function decoded(found: ReturnType<typeof scanned>) {
    assert.ok(found.what === 'instance', JSON.stringify(found));
    const { path, name, pixels: layout, location } = found.instance;
    return await decodeFrames({ path, name, layout, location, frames: [0] });
  }

  it('is inflated for its header and its samples', async () => {
    const { bytes } = await decoded(scanned(new Uint8Array()));
    assert.deepEqual([...new Int16Array(bytes.buffer)], new Array(12).fill(7));
  });

  it('is not inflated beyond what its header says that there is', async () => {
    const found = scanned(new Uint8Array(700 * MIB));
    const before = process.memoryUsage().arrayBuffers;
    await assert.rejects(decoded(found), { reason: 'VOLUME_CORRUPT', message: /inflates to more/ });
    assert.ok(process.memoryUsage().arrayBuffers - before < 64 * MIB);
  }).timeout(20_000);

  it('that is cut is refused, where it is cut', async () => {
    for (const cut of [1, 40, 100]) assert.equal(scanned(new Uint8Array(), cut).what, 'broken');
    const noise = randomBytes(MIB);
    await assert.rejects(decoded(scanned(noise, 500_000)), { reason: 'VOLUME_CORRUPT' });
  });
});
