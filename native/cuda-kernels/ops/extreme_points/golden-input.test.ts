import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { Tensor } from '../../lib/tensor.ts';
import { pointwise } from '../pointwise/index.ts';
import { resample } from '../resample/index.ts';
import { statistics } from '../statistics/index.ts';
import { extremePoints, type Point } from './index.ts';

const SHARED = fileURLToPath(new URL('../../../../../shared/', import.meta.url));
const GOLDEN = `${SHARED}models/hippocampus-starter/golden-input-hippocampus_003.npy`;
const POINTS = `${SHARED}data/hippocampus/points.json`;
const IMAGE = `${SHARED}data/hippocampus/images/hippocampus_003.nii.gz`;

const SIDE = 48;
const PADDING = 6;
const AXES = [0, 1, 2] as const;

/** The network's input as it was in training: [image, extreme points], each 48 x 48 x 48. */
function goldenChannels(): [image: Float32Array, points: Float32Array] {
  const file = readFileSync(GOLDEN);
  const start = 10 + file.readUInt16LE(8); // .npy version 1: magic, version, header's length, header
  const data = new Float32Array(file.buffer.slice(file.byteOffset + start));
  const voxels = SIDE ** 3;
  assert.equal(data.length, 2 * voxels);
  return [data.subarray(0, voxels), data.subarray(voxels)];
}

/** A NIfTI-1, little endian, stored in closest-RAS order: what this one image is. */
function storedImage(): Tensor {
  const file = gunzipSync(readFileSync(IMAGE));
  const shape = [42, 44, 46].map((at) => file.readInt16LE(at));
  const offset = file.readFloatLE(108);
  const dtype = ({ 2: 'uint8', 4: 'int16', 16: 'float32' } as const)[file.readInt16LE(70)];
  assert.ok(dtype !== undefined, 'a dtype that this test reads');
  const image = Tensor.empty(dtype, shape, { order: 'F' });
  image.bytes().set(file.subarray(offset));
  return image;
}

function boxAround(points: readonly Point[], shape: readonly number[]) {
  return AXES.map((axis) => {
    const along = points.map((point) => point[axis]);
    const low = Math.max(0, Math.floor(Math.min(...along) - PADDING));
    const high = Math.min(shape[axis] ?? 0, Math.ceil(Math.max(...along) + 1 + PADDING));
    return { low, width: high - low };
  });
}

/**
 * Within 1e-5, of values above 1 relative to them: the golden input was sampled at float32 positions.
 * In float64 numpy is as far from it as this is (1.05e-5 at a value of 5.38, on a steep edge).
 */
function assertClose(actual: Tensor, expected: Float32Array): void {
  actual.toArray().forEach((value, n) => {
    const wanted = expected[n] ?? Number.NaN;
    const apart = Math.abs(Number(value) - wanted) / Math.max(1, Math.abs(wanted));
    assert.ok(apart <= 1e-5, `[${n}] is ${value} instead of ${wanted}`);
  });
}

describe('the golden network input', () => {
  before(function () {
    if ([GOLDEN, POINTS, IMAGE].every((file) => existsSync(file))) return;
    console.log('      SKIPPED: ../shared/models and ../shared/data/hippocampus are not here');
    this.skip();
  });

  it('is made again from the image and its points', async () => {
    const [goldenImage, goldenPoints] = goldenChannels();
    const all = JSON.parse(readFileSync(POINTS, 'utf8')) as Record<string, Point[]>;
    const points = all.hippocampus_003 ?? [];
    using image = storedImage();
    const box = boxAround(points, image.shape);
    using input = Tensor.empty('float32', [1, 2, SIDE, SIDE, SIDE]);
    const [intensity, channel] = [0, 1].map((n) => input.select(0, 0).select(0, n)) as [
      Tensor,
      Tensor,
    ];

    const outputToInput = box.flatMap(({ low, width }, row) => {
      const step = width / SIDE;
      return [...AXES.map((axis) => (axis === row ? step : 0)), low + 0.5 * step - 0.5];
    });
    await resample({ input: image, output: intensity, outputToInput });
    const { mean, std } = await statistics({ input: intensity, skipZeros: true });
    const map = { kind: 'standardise', mean, std, keepZeros: true } as const;
    await pointwise({ input: intensity, output: intensity, map });
    assertClose(intensity, goldenImage);

    const onGrid = points.map((point) =>
      box.map(({ low, width }, axis) => (((point[axis] ?? 0) + 0.5 - low) / width) * SIDE - 0.5),
    ) as unknown as Point[];
    await extremePoints({ points: onGrid, sigma: 3, output: channel });
    assertClose(channel, goldenPoints);
  });
});
