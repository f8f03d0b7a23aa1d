// Overlap reads each voxel of both once, so that its rival is a copy of the bytes; and numpy, which compares.
// npx tsx native/cuda-kernels/ops/overlap/bench.ts
import { Tensor } from '../../lib/tensor.ts';
import { comparePairs, pairedLine } from '../../test/pairs.ts';
import { againstScipy } from '../../test/scipy-rival.ts';
import { overlap } from './index.ts';

const SHAPE = [512, 512, 300] as const;

function ball(shift: number): Tensor {
  const [nx, ny, nz] = SHAPE;
  const mask = Tensor.empty('uint8', SHAPE);
  const voxels = mask.bytes();
  for (let n = 0; n < voxels.length; n++) {
    const [i, j, k] = [Math.floor(n / nz / ny) / nx, (Math.floor(n / nz) % ny) / ny, (n % nz) / nz];
    voxels[n] = Math.hypot(i - 0.5 - shift, j - 0.5, k - 0.5) < 0.25 ? 1 : 0;
  }
  return mask;
}

using prediction = ball(0);
using reference = ball(0.02);
const ours = async () => {
  await overlap({ prediction, reference });
  return undefined;
};
const targets = [new Uint8Array(prediction.byteLength), new Uint8Array(prediction.byteLength)];
const copy = () => {
  targets[0]?.set(prediction.bytes());
  targets[1]?.set(reference.bytes());
  return undefined;
};
const copied = await comparePairs({ name: 'ours', run: ours }, { name: 'copy', run: copy });
console.log(pairedLine(`overlap of two [${SHAPE.join(', ')}]`, 'copy', copied));

using output = Tensor.empty('float64', [2]);
const figures = new Float64Array(output.bytes().buffer);
await againstScipy({
  what: `overlap of two [${SHAPE.join(', ')}]`,
  inputs: { a: prediction, b: reference },
  output,
  ours: async () => {
    const [found] = await overlap({ prediction, reference });
    figures.set([found?.dice ?? Number.NaN, found?.jaccard ?? Number.NaN]);
  },
  theirs: `
p, r = a == 1, b == 1
both, in_p, in_r = (int(np.count_nonzero(of)) for of in (p & r, p, r))
out = np.array([2 * both / (in_p + in_r), both / (in_p + in_r - both)])`,
  tolerance: 1e-12,
  rival: 'numpy',
});
