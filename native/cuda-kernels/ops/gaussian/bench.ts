// The rival is scipy.ndimage.gaussian_filter (one thread, float32 out), which times itself.
// npx tsx native/cuda-kernels/ops/gaussian/bench.ts

import { Tensor } from '../../lib/tensor.ts';
import { againstScipy } from '../../test/scipy-rival.ts';
import { gaussian } from './index.ts';

for (const [shape, dtype] of [
  [[128, 128, 128], 'float32'],
  [[512, 512, 300], 'int16'],
] as const) {
  using input = Tensor.empty(dtype, shape);
  using output = Tensor.empty('float32', shape);
  const { buffer } = input.bytes();
  const values = dtype === 'int16' ? new Int16Array(buffer) : new Float32Array(buffer);
  for (let n = 0; n < values.length; n++) values[n] = ((n * 7919) % 2003) - 1000;
  await againstScipy({
    what: `gaussian of ${dtype} [${shape.join(', ')}], sigma 2`,
    inputs: { image: input },
    output,
    ours: () => gaussian({ input, output, sigma: [2, 2, 2] }),
    theirs: 'out = ndimage.gaussian_filter(image, 2, output=np.float32)',
    tolerance: 2 ** -20,
  });
}
