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

/** Of the values of two images on one grid. */
export async function largestDifference(a: string, b: string): Promise<number> {
  const [one, other] = [await readNifti({ path: a }), await readNifti({ path: b })];
  try {
    const [mine, theirs] = [await asInt16(one.voxels), await asInt16(other.voxels)];
    let largest = 0;
    for (let n = 0; n < mine.length; n++) {
      const mineValue = (mine[n] as number) * one.scale.slope + one.scale.intercept;
      const theirValue = (theirs[n] as number) * other.scale.slope + other.scale.intercept;
      largest = Math.max(largest, Math.abs(mineValue - theirValue));
    }
    return largest;
  } finally {
    one.dispose();
    other.dispose();
  }
}

async function asInt16(voxels: Tensor): Promise<Int16Array> {
  const dense = Tensors.empty('int16', voxels.shape, { order: 'F' });
  await move({ input: voxels, output: dense });
  const { buffer, byteOffset, byteLength } = dense.bytes();
  dense.dispose();
  return new Int16Array(buffer, byteOffset, byteLength / 2);
}
