import assert from 'node:assert/strict';
import { type Dtype, Tensor } from '#kernels';
import type { Volume, VoxelType } from '#volume';
import { prepareVolume } from './prepare-volume.ts';

interface Made {
  readonly values: readonly number[];
  readonly dtype?: Dtype;
  readonly type?: VoxelType;
  readonly slope?: number;
  readonly frames?: number;
}

function volumeOf({
  values,
  dtype = 'float32',
  type = dtype,
  slope = 1,
  frames = 1,
}: Made): Volume {
  const shape = [values.length / frames, 1, 1] as const;
  const all = frames === 1 ? shape : [...shape, frames];
  const voxels = Tensor.fromArray(dtype, all, values, { order: 'F' });
  const affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  return {
    grid: { shape, affine },
    dtype: type,
    voxels,
    scale: { slope, intercept: 0 },
    frames,
    warnings: [],
    dispose: () => voxels.dispose(),
  };
}

const { NaN: NAN, POSITIVE_INFINITY: INF } = Number;

describe('prepareVolume', () => {
  it('leaves a good volume as it is', async () => {
    const volume = volumeOf({ values: [1, 2, 3] });
    const prepared = await prepareVolume(volume);
    assert.equal(prepared.voxels, volume.voxels);
    assert.deepEqual(prepared.warnings, []);
    prepared.dispose();
    assert.ok(volume.voxels.disposed);
  });

  const finite: [string, Made, number[]][] = [
    ['NaN and -infinity the lowest', { values: [2, NAN, 5, -INF] }, [2, 2, 5, 2]],
    ['+infinity the highest', { values: [2, INF, 5] }, [2, 5, 5]],
    ['so in float64', { values: [2, NAN, 5], dtype: 'float64' }, [2, 2, 5]],
    ['with a negative slope the highest stored', { values: [2, NAN, 5], slope: -1 }, [2, 5, 5]],
  ];
  for (const [what, made, expected] of finite) {
    it(`counts ${what}, with a warning`, async () => {
      const prepared = await prepareVolume(volumeOf(made));
      assert.deepEqual(Array.from(prepared.voxels.toArray(), Number), expected);
      assert.deepEqual(
        prepared.warnings.map(({ reason }) => reason),
        ['VOXELS_NOT_FINITE'],
      );
      prepared.dispose();
      assert.ok(prepared.voxels.disposed);
    });
  }

  it('says how many voxels are not finite, and what they count as', async () => {
    const sentences: [number[], RegExp][] = [
      [
        [2, NAN, 5],
        /^1 voxel is not a number \(NaN\); it counts as the lowest value of the image$/,
      ],
      [[2, NAN, 5, NAN], /^2 voxels are not a number \(NaN\); they count as the lowest/],
      [[2, INF, 5], /^1 voxel is infinite; it counts as the highest value, or the lowest if/],
      [[NAN, INF, 5, -INF, 2], /^1 voxel is not .*; 2 voxels are infinite; they count as/],
    ];
    for (const [values, sentence] of sentences) {
      const prepared = await prepareVolume(volumeOf({ values }));
      assert.match(prepared.warnings[0]?.message ?? '', sentence);
      prepared.dispose();
    }
  });

  const refused: [string, Made, string][] = [
    ['a constant volume', { values: [3, 3, 3] }, 'VOLUME_CONSTANT'],
    ['one finite value among NaN', { values: [3, NAN] }, 'VOLUME_CONSTANT'],
    ['nothing but NaN', { values: [NAN, NAN] }, 'VOLUME_CONSTANT'],
    ['colours', { values: [1, 2], dtype: 'uint8', type: 'rgb24' }, 'VOLUME_NOT_SCALAR'],
    ['complex numbers', { values: [1, 2], type: 'complex64' }, 'VOLUME_NOT_SCALAR'],
    ['several frames', { values: [1, 2, 3, 4], frames: 2 }, 'FRAME_REQUIRED'],
  ];
  for (const [what, made, reason] of refused) {
    it(`refuses ${what}, and gives its memory up`, async () => {
      const volume = volumeOf(made);
      await assert.rejects(prepareVolume(volume), { reason });
      assert.ok(volume.voxels.disposed);
    });
  }

  it('stops when cancelled', async () => {
    const signal = AbortSignal.abort();
    await assert.rejects(prepareVolume(volumeOf({ values: [1, 2] }), { signal }), {
      reason: 'CANCELLED',
    });
  });
});
