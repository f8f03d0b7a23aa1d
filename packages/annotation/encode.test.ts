import assert from 'node:assert/strict';
import type { Vec3 } from '#geometry';
import { Tensor } from '#kernels';
import { readNifti } from '#volume/nifti';
import type { Annotation } from './annotation.ts';
import { encodeNiftiGzip, encodeRunLengths } from './encode.ts';

const SHAPE: Vec3 = [3, 4, 2];
const AFFINE = [-2, 0, 0, 10, 0, 1.5, 0, -3, 0, 0, 4, 7, 0, 0, 0, 1];

/** A mask of one voxel, (1, 2, 1), in a box from (1, 1, 0) to (3, 3, 2), its axes stored backwards. */
function oneVoxel(): Annotation {
  using stored = Tensor.fromArray('uint8', [2, 2, 2], [0, 0, 0, 0, 0, 0, 1, 0]);
  using permuted = stored.permute([2, 1, 0]);
  const boxMask = permuted.flip([0]);
  const at = Array.from(boxMask.toArray(), Number).indexOf(1);
  assert.deepEqual([at >> 2, (at >> 1) & 1, at & 1], [1, 1, 1]);
  return {
    grid: { shape: SHAPE, affine: AFFINE },
    labels: ['spleen'],
    box: { low: [0, 1, 0], high: [2, 3, 2] },
    boxMask,
    found: { low: [1, 1, 1], high: [2, 3, 2] },
    voxels: 1,
    stageTimes: [],
    warnings: [],
    dispose: () => boxMask.dispose(),
  };
}

describe('encoding a mask', () => {
  it('writes run lengths over the whole grid, first axis fastest', async () => {
    const annotation = oneVoxel();
    const bytes = await encodeRunLengths(annotation);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const numbers = Array.from({ length: bytes.byteLength / 4 }, (_, at) =>
      view.getUint32(4 * at, true),
    );
    // Voxel (1, 2, 1) is number 1 + 3 * (2 + 4 * 1) of 24.
    assert.deepEqual(numbers, [0, 19, 1, 1, 0, 4]);
    annotation.dispose();
  });

  it("writes a NIfTI file on the image's own grid", async () => {
    const annotation = oneVoxel();
    const bytes = await encodeNiftiGzip(annotation);
    annotation.dispose();
    const volume = await readNifti({ bytes });
    assert.equal(volume.dtype, 'uint8');
    assert.deepEqual(volume.grid, { shape: SHAPE, affine: AFFINE });
    const values = Array.from(volume.voxels.toArray(), Number);
    assert.equal(values.indexOf(1), (1 * 4 + 2) * 2 + 1);
    assert.equal(values.filter((value) => value !== 0).length, 1);
    volume.dispose();
  });

  it('places the file as the image is placed', async () => {
    const placement = { sformCode: 4, qformCode: 0, qform: undefined };
    const annotation = { ...oneVoxel(), placement };
    using volume = await readNifti({ bytes: await encodeNiftiGzip(annotation) });
    annotation.dispose();
    assert.deepEqual(volume.placement, placement);
  });

  it('stops when cancelled', async () => {
    const annotation = oneVoxel();
    const signal = AbortSignal.abort();
    await assert.rejects(encodeRunLengths(annotation, signal), { reason: 'CANCELLED' });
    await assert.rejects(encodeNiftiGzip(annotation, signal), { reason: 'CANCELLED' });
    annotation.dispose();
  });
});
