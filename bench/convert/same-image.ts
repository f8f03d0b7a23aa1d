import { move, type Tensor, Tensor as Tensors } from '#kernels';
import { readNifti } from '#volume/nifti';

/**
 * Whether two NIfTI files hold the same image: ours in the order columns, rows, slices; dcm2niix's
 * with its rows counted from the other end.
 */
export async function sameImage(ours: string, flipped: string): Promise<boolean> {
  const [mine, theirs] = [await readNifti({ path: ours }), await readNifti({ path: flipped })];
  try {
    if (mine.voxels.shape.join() !== theirs.voxels.shape.join()) return false;
    const [a, b] = [await asInt16(mine.voxels), await asInt16(theirs.voxels.flip([1]))];
    const shift = mine.scale.intercept - theirs.scale.intercept;
    return a.every((value, n) => value + shift === b[n]);
  } finally {
    mine.dispose();
    theirs.dispose();
  }
}

async function asInt16(voxels: Tensor): Promise<Int16Array> {
  const dense = Tensors.empty('int16', voxels.shape, { order: 'F' });
  await move({ input: voxels, output: dense });
  const { buffer, byteOffset, byteLength } = dense.bytes();
  dense.dispose();
  return new Int16Array(buffer, byteOffset, byteLength / 2);
}
