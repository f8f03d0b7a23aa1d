// From a CT to what a network takes: a box of 512 x 512 x 300 int16, resampled to 128 cubed, and the
// channel of six extreme points beside it. The rival is scipy (its Gaussians as products of three, so
// that it takes no exponential of a voxel), which times itself; the floor is the time of a copy of the
// bytes that must be read and written:
//   npm run bench -- crop-resample
import { boxToRoi, type Vec3 } from '#geometry';
import { extremePoints, resample, Tensor } from '#kernels';
import { againstScipy } from '../native/cuda-kernels/test/scipy-rival.ts';

const SHAPE: Vec3 = [512, 512, 300];
const BOX = { low: [150, 160, 100] as const, high: [350, 340, 220] as const };
const SIZE: Vec3 = [128, 128, 128];
const SIGMA = 3;
const POINTS: readonly Vec3[] = [
  [10, 64, 60],
  [118, 60, 66],
  [64, 12, 50],
  [60, 115, 70],
  [66, 62, 8],
  [63, 66, 120],
];

using image = Tensor.empty('int16', SHAPE);
const values = new Int16Array(image.bytes().buffer);
for (let n = 0; n < values.length; n++) values[n] = ((n * 7919) % 2003) - 1000;
using output = Tensor.empty('float32', [2, ...SIZE]);
using first = output.select(0, 0);
using second = output.select(0, 1);
using x = image.slice(0, BOX.low[0], BOX.high[0]);
using xy = x.slice(1, BOX.low[1], BOX.high[1]);
using crop = xy.slice(2, BOX.low[2], BOX.high[2]);
const [nx, ny, nz] = crop.shape as unknown as Vec3;
const outputToInput = boxToRoi({ low: [0, 0, 0], high: [nx, ny, nz] }, SIZE);

await againstScipy({
  what: 'crop, resample to 128³ and the point channel',
  inputs: { image },
  output,
  ours: async () => {
    await resample({ input: crop, output: first, outputToInput });
    await extremePoints({ points: POINTS, sigma: SIGMA, output: second });
  },
  theirs: `
crop = image[${BOX.low[0]}:${BOX.high[0]}, ${BOX.low[1]}:${BOX.high[1]}, ${BOX.low[2]}:${BOX.high[2]}].astype(np.float32)
zoom = [128 / n for n in crop.shape]
out = np.zeros((2, 128, 128, 128), np.float32)
ndimage.zoom(crop, zoom, order=1, grid_mode=True, mode='nearest', output=out[0])
for point in ${JSON.stringify(POINTS)}:
    a, b, c = [np.exp(-(np.arange(128) - p) ** 2 / ${2 * SIGMA ** 2}).astype(np.float32) for p in point]
    np.maximum(out[1], a[:, None, None] * (b[:, None] * c), out=out[1])
`,
  tolerance: 1e-3,
  pairs: 7,
});

const bytes = crop.byteLength + output.byteLength;
const [from, to] = [new Uint8Array(bytes), new Uint8Array(bytes)];
const times = Array.from({ length: 9 }, () => {
  const begin = performance.now();
  to.set(from);
  return performance.now() - begin;
});
const floor = times.toSorted((a, b) => a - b)[4] ?? 0;
console.log(
  `its floor: a copy of ${(bytes / 2 ** 20).toFixed(0)} MiB takes ${floor.toFixed(2)} ms`,
);
