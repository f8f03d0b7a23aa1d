// The rival is scipy.ndimage.distance_transform_edt (one thread), which times itself.
// npx tsx native/cuda-kernels/ops/distance/bench.ts
import { Tensor } from '../../lib/tensor.ts';
import { againstScipy } from '../../test/scipy-rival.ts';
import { distanceTransform } from './index.ts';

const SPACING = [0.8, 0.8, 2];

for (const shape of [
  [128, 128, 128],
  [512, 512, 150],
] as const) {
  using mask = Tensor.empty('uint8', shape);
  using output = Tensor.empty('float32', shape);
  const voxels = mask.bytes();
  const [nx, ny, nz] = shape;
  // A ball, as an organ is one: its depth is asked for.
  for (let n = 0; n < voxels.length; n++) {
    const [i, j, k] = [Math.floor(n / nz / ny) / nx, (Math.floor(n / nz) % ny) / ny, (n % nz) / nz];
    voxels[n] = Math.hypot(i - 0.5, j - 0.5, k - 0.5) < 0.4 ? 1 : 0;
  }
  await againstScipy({
    what: `distances in a ball of [${shape.join(', ')}]`,
    inputs: { mask },
    output,
    ours: () => distanceTransform({ mask, output, spacing: SPACING }),
    theirs: `out = ndimage.distance_transform_edt(mask, ${JSON.stringify(SPACING)})`,
    tolerance: 2 ** -22,
  });
}
