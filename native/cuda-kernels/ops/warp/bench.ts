// An elastic deformation of 7 x 7 x 7 control points. The rival makes the field by
// scipy.ndimage.map_coordinates on the control points, then the image by it (one thread).
// npx tsx native/cuda-kernels/ops/warp/bench.ts
import { Tensor } from '../../lib/tensor.ts';
import { againstScipy } from '../../test/scipy-rival.ts';
import { warp } from './index.ts';

const POINTS = [3, 7, 7, 7];

for (const side of [128, 256]) {
  const shape = [side, side, side];
  using image = Tensor.empty('float32', shape);
  const values = new Float32Array(image.bytes().buffer);
  for (let n = 0; n < values.length; n++) values[n] = ((n * 7919) % 2003) / 100;
  const moves = Array.from({ length: 3 * 343 }, (_, n) => ((n * 7919) % 101) / 10 - 5);
  using points = Tensor.fromArray('float32', POINTS, moves);
  using output = Tensor.empty('float32', shape);
  await againstScipy({
    what: `elastic, cubic control points, ${side}^3`,
    inputs: { image, points },
    output,
    ours: () =>
      warp({ input: image, output, displacement: points, spline: 'cubic', border: 'reflect' }),
    theirs: `
index = np.indices(image.shape).astype(np.float32)
on_grid = index * (6 / ${side - 1})
field = [ndimage.map_coordinates(p, on_grid, order=3, mode='mirror', prefilter=False) for p in points]
out = ndimage.map_coordinates(image, index + field, order=1, mode='reflect')`,
    // The rival's positions are float32.
    tolerance: 2e-3,
  });
}
