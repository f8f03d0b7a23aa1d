import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateBomb, deflatedFile } from '../testing/deflated-file.ts';
import type { WrittenElement } from '../testing/dicom-file.ts';
import { sliceFile } from '../testing/synthetic-series.ts';
import { scanFile, scanShort } from './scan-file.ts';

const MIB = 2 ** 20;

describe('the header of a deflated data set', () => {
  let path: string;

  before(() => {
    path = join(mkdtempSync(join(tmpdir(), 'sextant-deflated-')), 'x.dcm');
  });
  after(() => rmSync(join(path, '..'), { recursive: true }));

  function scanned(bytes: Uint8Array) {
    writeFileSync(path, bytes);
    return scanFile(path, 'x.dcm');
  }

  function fileOf(...more: WrittenElement[]): Buffer {
    return deflatedFile(sliceFile({ position: [0, 0, 0], more }, 0));
  }

  it('is found before samples that inflate to far more than itself', () => {
    for (const side of [100, 3000, 6000]) {
      const zeros = new Uint8Array(2 * side ** 2);
      const bytes = fileOf(
        ['00280010', 'US', side],
        ['00280011', 'US', side],
        ['7FE00010', 'OW', zeros],
      );
      const found = scanned(bytes);
      assert.ok(found.what === 'instance', JSON.stringify(found));
      assert.equal(found.instance.pixels.rows, side);
    }
  });

  it('is found behind long values, before samples of zeros', () => {
    for (const noiseBytes of [20_000, 200_000, 12 * MIB]) {
      const bytes = fileOf(
        ['00091010', 'OB', randomBytes(noiseBytes)],
        ['00280010', 'US', 6000],
        ['00280011', 'US', 6000],
        ['7FE00010', 'OW', new Uint8Array(2 * 6000 ** 2)],
      );
      const found = scanned(bytes);
      assert.ok(found.what === 'instance', `${noiseBytes}: ${JSON.stringify(found)}`);
    }
  });

  it('is refused where it inflates to more than a file of its size can need', () => {
    for (const mib of [30, 100, 1000]) {
      const found = scanned(deflateBomb(mib));
      assert.ok(found.what === 'broken', JSON.stringify(found));
      assert.equal(found.broken.reason, 'VOLUME_CORRUPT');
      assert.match(found.broken.message, /expected a header of at most \d+ bytes/);
    }
  });

  it('is left to a thread that can be ended', () => {
    writeFileSync(path, fileOf());
    assert.equal(scanShort(path, 'x.dcm'), undefined);
    assert.equal(scanFile(path, 'x.dcm').what, 'instance');
  });
});
