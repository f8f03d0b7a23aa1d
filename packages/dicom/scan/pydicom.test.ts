import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { needs, SHARED } from '../../../test/outside-data.ts';
import type { Frame, Instance } from '../instance.ts';
import { scanFile } from './scan-file.ts';

const SERIES = join(SHARED, 'data/dicom/series');
const SCRIPT = fileURLToPath(new URL('testing/attributes.py', import.meta.url));

type Told = Readonly<Record<string, number | number[] | null>>;

interface Truth {
  readonly seriesUid: string;
  readonly instanceUid: string;
  readonly transferSyntaxUid: string;
  readonly rows: number;
  readonly columns: number;
  readonly bits: readonly number[];
  readonly isSigned: boolean;
  readonly frames: readonly Told[];
}

describe('scanFile beside pydicom', function () {
  this.timeout(120_000);

  it('reads the same attributes of each frame of every series', function () {
    needs(this, SERIES, 'DICOM series');
    const paths = filesUnder(SERIES);
    const truths = askPydicom(this, paths);
    for (const [n, truth] of truths.entries()) {
      const path = paths[n] ?? '';
      const scanned = scanFile(path, path);
      assert.ok(scanned.what === 'instance', `${path}: ${JSON.stringify(scanned)}`);
      assert.deepEqual(attributesOf(scanned.instance), attributesTold(truth), path);
    }
    assert.ok(truths.length > 400);
  });
});

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function askPydicom(test: Mocha.Context, paths: readonly string[]): Truth[] {
  const python = existsSync('/usr/bin/python3')
    ? spawnSync('/usr/bin/python3', [SCRIPT, ...paths], { maxBuffer: 2 ** 28, encoding: 'utf8' })
    : undefined;
  if (python?.status !== 0) {
    const why = `pydicom cannot be asked: ${python?.stderr.trim() ?? 'no python3'}`;
    if (process.env.CI === 'true') assert.fail(why);
    console.log(`      SKIPPED: ${why} (apt-get install python3-pydicom)`);
    test.skip();
  }
  return JSON.parse(python.stdout) as Truth[];
}

function attributesOf({ seriesUid, sopInstanceUid, pixels, frames }: Instance) {
  const { rows, columns, bitsAllocated, bitsStored, highBit, isSigned } = pixels;
  return {
    seriesUid,
    instanceUid: sopInstanceUid,
    transferSyntaxUid: pixels.transferSyntaxUid,
    size: [rows, columns],
    bits: [bitsAllocated, bitsStored, highBit],
    isSigned,
    frames: frames.map(frameValues),
  };
}

function attributesTold(truth: Truth) {
  const { seriesUid, instanceUid, transferSyntaxUid, rows, columns, bits, isSigned } = truth;
  return {
    seriesUid,
    instanceUid,
    transferSyntaxUid,
    size: [rows, columns],
    bits,
    isSigned,
    frames: truth.frames.map(frameTold),
  };
}

function frameValues(frame: Frame) {
  return {
    position: frame.positionLpsMm,
    orientation: frame.orientation?.flat(),
    spacing: frame.pixelSpacingMm,
    thickness: frame.sliceThicknessMm,
    rescale: [frame.rescale.slope, frame.rescale.intercept],
    dimensions: frame.dimensionIndex,
  };
}

function frameTold(told: Told) {
  const list = (key: string) => (told[key] as number[] | null) ?? undefined;
  return {
    position: list('ImagePositionPatient'),
    orientation: list('ImageOrientationPatient'),
    // The attribute has the distance between rows first.
    spacing: list('PixelSpacing')?.toReversed(),
    thickness: told.SliceThickness ?? undefined,
    rescale: [told.RescaleSlope ?? 1, told.RescaleIntercept ?? 0],
    dimensions: list('DimensionIndexValues'),
  };
}
