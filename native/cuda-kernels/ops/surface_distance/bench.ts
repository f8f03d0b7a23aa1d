// The rival is what MONAI does, in scipy: erosion for the surfaces, a distance transform for each direction,
// within the box of both masks.
// npx tsx native/cuda-kernels/ops/surface_distance/bench.ts
import { Tensor } from '../../lib/tensor.ts';
import { againstScipy } from '../../test/scipy-rival.ts';
import { surfaceDistances } from './index.ts';

const SPACING = [0.8, 0.8, 2];

function ball(shape: readonly [number, number, number], shift: number): Tensor {
  const [nx, ny, nz] = shape;
  const mask = Tensor.empty('uint8', shape);
  const voxels = mask.bytes();
  for (let n = 0; n < voxels.length; n++) {
    const [i, j, k] = [Math.floor(n / nz / ny) / nx, (Math.floor(n / nz) % ny) / ny, (n % nz) / nz];
    voxels[n] = Math.hypot(i - 0.5 - shift, j - 0.5, k - 0.5) < 0.25 ? 1 : 0;
  }
  return mask;
}

for (const shape of [
  [128, 128, 128],
  [512, 512, 150],
] as const) {
  using prediction = ball(shape, 0);
  using reference = ball(shape, 0.02);
  using output = Tensor.empty('float64', [3]);
  const figures = new Float64Array(output.bytes().buffer);
  await againstScipy({
    what: `surface distances in [${shape.join(', ')}]`,
    inputs: { a: prediction, b: reference },
    output,
    ours: async () => {
      const found = await surfaceDistances({ prediction, reference, spacing: SPACING });
      figures.set([found.hausdorffMm, found.hausdorffPercentileMm, found.averageSymmetricMm]);
    },
    theirs: `
box = ndimage.find_objects((a | b).astype(int))[0]
a, b = (np.pad(mask[box], 1) > 0 for mask in (a, b))
edges = lambda mask: ndimage.binary_erosion(mask) ^ mask
directed = lambda of, to: ndimage.distance_transform_edt(~edges(to), ${JSON.stringify(SPACING)})[edges(of)]
there, back = directed(a, b), directed(b, a)
out = np.array([max(there.max(), back.max()), max(np.percentile(there, 95), np.percentile(back, 95)),
                np.concatenate([there, back]).mean()])`,
    tolerance: 1e-6,
  });
}
