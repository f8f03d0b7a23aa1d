// Beside numpy's selection by a mask of booleans.
// npx tsx native/cuda-kernels/ops/masked_select/bench.ts
import { Tensor } from '../../lib/tensor.ts';
import { againstScipy } from '../../test/scipy-rival.ts';
import { maskedSelect } from './index.ts';

for (const shape of [
  [128, 128, 128],
  [512, 512, 150],
] as const) {
  const [nx, ny, nz] = shape;
  using input = Tensor.empty('float32', shape);
  using mask = Tensor.empty('uint8', shape);
  const values = new Float32Array(input.bytes().buffer);
  const voxels = mask.bytes();
  let count = 0;
  for (let n = 0; n < voxels.length; n++) {
    values[n] = (n * 7919) % 2003;
    const [i, j, k] = [Math.floor(n / nz / ny) / nx, (Math.floor(n / nz) % ny) / ny, (n % nz) / nz];
    voxels[n] = Math.hypot(i - 0.5, j - 0.5, k - 0.5) < 0.4 ? 1 : 0;
    count += voxels[n] ?? 0;
  }
  using output = Tensor.empty('float32', [count]);
  await againstScipy({
    what: `what a ball covers of [${shape.join(', ')}]`,
    rival: 'numpy',
    inputs: { image: input, mask },
    output,
    ours: async () => {
      using selected = await maskedSelect({ input, mask });
      return selected;
    },
    setup: 'chosen = mask != 0',
    theirs: 'out = image[chosen]',
    tolerance: Number.POSITIVE_INFINITY,
    pairs: 5,
  });
}
