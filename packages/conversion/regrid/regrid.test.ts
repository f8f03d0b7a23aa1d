import assert from 'node:assert/strict';
import { type Affine, affineOfColumns, transformPoint, type Vec3 } from '#geometry';
import { type Dtype, type Element, Tensor } from '#kernels';
import type { Volume } from '#volume';
import { regrid } from './regrid.ts';

const STRAIGHT = affineOfColumns(
  [
    [0.8, 0, 0],
    [0, 1, 0],
    [0, 0, 2],
  ],
  [-10, 5, 7],
);

/** Slices that lean by 18 degrees. */
const TILTED = affineOfColumns(
  [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0.65, 2],
  ],
  [-10, 5, 7],
);

function volumeOf(
  dtype: Dtype,
  affine: Affine,
  shape: Vec3,
  value: (i: number, j: number, k: number) => Element,
): Volume & Disposable {
  const [nx, ny, nz] = shape;
  const values = Array.from({ length: nx * ny * nz }, (_, n) =>
    value(n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))),
  );
  const voxels = Tensor.fromArray(dtype, shape, values, { order: 'F' });
  const dispose = () => voxels.dispose();
  const scale = { slope: 1, intercept: 0 };
  const grid = { shape, affine };
  return {
    grid,
    dtype,
    voxels,
    scale,
    frames: 1,
    warnings: [],
    dispose,
    [Symbol.dispose]: dispose,
  };
}

/** Where the mean of all voxels lies, weighted by their values. */
function centroid({ grid, voxels }: Volume): Vec3 {
  const [, ny, nz] = grid.shape;
  const sums: [number, number, number, number] = [0, 0, 0, 0];
  for (const [n, element] of [...voxels.toArray()].entries()) {
    const index: Vec3 = [Math.floor(n / (ny * nz)), Math.floor(n / nz) % ny, n % nz];
    const point = transformPoint(grid.affine, index);
    for (const axis of [0, 1, 2] as const) sums[axis] += point[axis] * Number(element);
    sums[3] += Number(element);
  }
  return [sums[0] / sums[3], sums[1] / sums[3], sums[2] / sums[3]];
}

const blob = (i: number, j: number, k: number) =>
  Math.round(20000 * Math.exp(-((i - 12) ** 2 + (j - 11) ** 2) / 18 - (k - 7) ** 2 / 5));

describe('regrid', () => {
  it('keeps a blob where it is, tilted or straight, and says what it did', async () => {
    const expected = { TILTED: ['TILT_RESAMPLED', 'RESAMPLED'], STRAIGHT: ['RESAMPLED'] };
    for (const [name, affine] of Object.entries({ TILTED, STRAIGHT })) {
      using volume = volumeOf('int16', affine, [25, 24, 15], blob);
      const options = { format: '.nii', spacingMm: [1.3, 0.9, 1.1] } as const;
      const { volume: made, changes } = await regrid(volume, options, {});
      using ours = made;
      assert.equal(ours.voxels.dtype, 'int16');
      assert.deepEqual(
        changes.map(({ reason }) => reason),
        expected[name as 'TILTED'],
      );
      const [a, b] = [centroid(volume), centroid(ours)];
      const moved = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
      assert.ok(moved < 0.05, `${name}: ${a}, ${b}`);
    }
  });

  it('gives every voxel back on its own grid', async () => {
    using volume = volumeOf(
      'int32',
      STRAIGHT,
      [5, 4, 3],
      (i, j, k) => 2 ** 30 + i + 7 * j + 31 * k,
    );
    const options = { format: '.nii', spacingMm: [0.8, 1, 2] } as const;
    const { volume: made } = await regrid(volume, options, {});
    using ours = made;
    assert.deepEqual(ours.grid.shape, [5, 4, 3]);
    assert.deepEqual(ours.voxels.toArray(), volume.voxels.toArray());
  });

  it('brings slices to the smallest distance, linearly between neighbours', async () => {
    using volume = volumeOf('int16', STRAIGHT, [2, 2, 3], (_i, _j, k) => [0, 100, 300][k] ?? 0);
    const { volume: made, changes } = await regrid(
      volume,
      { format: '.nii' },
      {
        slicePositionsMm: [0, 1, 3],
      },
    );
    using ours = made;
    assert.deepEqual([...ours.voxels.toArray()].slice(0, 4), [0, 100, 200, 300]);
    assert.deepEqual(
      changes.map(({ reason }) => reason),
      ['UNEVEN_RESAMPLED'],
    );
  });

  it('reaches the last slice to half a step when the distances are no multiples', async () => {
    for (const [last, values] of [
      [2.4, [0, 100, 207]],
      [2.5, [0, 100, 200, 250]],
      [2.6, [0, 100, 194, 250]],
    ] as const) {
      using volume = volumeOf('int16', STRAIGHT, [1, 1, 3], (_i, _j, k) => [0, 100, 250][k] ?? 0);
      const options = { slicePositionsMm: [0, 1, last] };
      const { volume: made } = await regrid(volume, { format: '.nii' }, options);
      using ours = made;
      assert.deepEqual([...ours.voxels.toArray()], values, `${last}`);
    }
  });

  it('reserves what it makes before it makes it', async () => {
    using volume = volumeOf('int16', STRAIGHT, [5, 4, 3], () => 1);
    const full = new Error('full');
    const reserve = (bytes: number) => {
      assert.equal(bytes, 4 * 4 * 6 * 2);
      throw full;
    };
    const options = { format: '.nii', spacingMm: [1, 1, 1] } as const;
    await assert.rejects(regrid(volume, options, { reserve }), full);
  });
});
