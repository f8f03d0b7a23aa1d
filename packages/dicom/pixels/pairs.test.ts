import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { needs, SHARED } from '../../../test/outside-data.ts';
import type { Instance } from '../instance.ts';
import { withHead } from '../scan/head.ts';
import { readHeader } from '../scan/header.ts';
import { instanceOf as headerInstance } from '../scan/instance-of.ts';
import { decodeFrames } from './decode-frames.ts';
import { hasJpegExtended } from './jpeg-extended.ts';
import { rescaled } from './rescale.ts';

const DATA = join(SHARED, 'data/dicom');

interface Pair {
  readonly file: string;
  readonly twin: string;
  readonly group: string;
  readonly lossy: boolean;
  readonly maxAbsError: number;
  readonly transferSyntax: string;
  readonly md5Pixels?: string;
}

const EXTENDED = new Set(['51', '52', '53', '54', '55'].map((n) => `1.2.840.10008.1.2.4.${n}`));

/** The index has three decimals. */
const ROUNDING = 1e-3;

const INDEX = join(DATA, 'pairs.json');
const PAIRS: readonly Pair[] = existsSync(INDEX)
  ? JSON.parse(readFileSync(INDEX, 'utf8')).pairs
  : [];

describe('DICOM files and their uncompressed twins', () => {
  before(function () {
    needs(this, INDEX, 'the same images in several transfer syntaxes');
  });

  for (const pair of PAIRS) {
    const bound = pair.lossy ? `within ${pair.maxAbsError}` : 'the same samples';
    it(`${pair.group}: ${pair.file.split('/').at(-1)}, ${bound}`, async function () {
      if (EXTENDED.has(pair.transferSyntax)) needsJpegExtended(this);
      const twin = instanceOf(pair.twin);
      const file = pair.file.endsWith('.j2c') ? bareStream(pair.file, twin) : instanceOf(pair.file);
      if (!pair.lossy) {
        const [mine, theirs] = [await samplesOf(file), await samplesOf(twin)];
        assert.equal(mine.type.dtype, theirs.type.dtype);
        assert.equal(md5(mine.bytes), md5(theirs.bytes));
        return;
      }
      const [mine, theirs] = [await valuesOf(file), await valuesOf(twin)];
      assert.equal(mine.length, theirs.length);
      const largest = mine.reduce(
        (most, value, n) => Math.max(most, Math.abs(value - (theirs[n] ?? 0))),
        0,
      );
      assert.ok(largest <= pair.maxAbsError + ROUNDING, `differs by ${largest}`);
    });
  }
});

/** Segmentations too, which a scan sets apart. */
function instanceOf(name: string): Instance {
  const path = join(DATA, name);
  return withHead(path, (head, file) => {
    const header = readHeader(head, file) ?? assert.fail(`${name} is not DICOM`);
    return headerInstance(header, { path, name });
  });
}

/** A code stream alone: the twin's header, with the stream as its only frame. */
function bareStream(name: string, twin: Instance): Instance {
  const path = join(DATA, name);
  return {
    ...twin,
    path,
    pixels: { ...twin.pixels, transferSyntaxUid: '1.2.840.10008.1.2.4.201' },
    location: { kind: 'encapsulated', frames: [[[0, statSync(path).size]]] },
  };
}

/** JPEG of 12 bits is read where libgdcm is; elsewhere it is refused by name. */
function needsJpegExtended(context: Mocha.Context): void {
  if (hasJpegExtended()) return;
  const why = 'no libgdcm (Debian: libgdcm-dev, then npm run build:addon)';
  if (process.env.CI === 'true') assert.fail(why);
  console.log(`      SKIPPED: ${why}`);
  context.skip();
}

function samplesOf({ path, name, pixels: layout, location, frames }: Instance) {
  return decodeFrames({ path, name, layout, location, frames: frames.map((_, n) => n) });
}

/** Modality values: a lossy twin may have another rescale. */
async function valuesOf(instance: Instance): Promise<Float32Array> {
  const { type, bytes } = await samplesOf(instance);
  const samples = { uint8: 1, int8: 1, uint16: 2, int16: 2 }[type.dtype as string] ?? 4;
  const values = new Float32Array(bytes.length / samples);
  rescaled(bytes, type, instance.frames[0]?.rescale ?? { slope: 1, intercept: 0 }, values);
  return values;
}

function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}
