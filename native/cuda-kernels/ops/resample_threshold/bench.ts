// Probabilities of a ball onto the voxels of a box, beside the two operations that it stands for. The
// outputs are fresh, as a click's are: their pages are untouched.
// npx tsx native/cuda-kernels/ops/resample_threshold/bench.ts
import { Tensor } from '../../lib/tensor.ts';
import { comparePairs, pairedLine } from '../../test/pairs.ts';
import { pointwise } from '../pointwise/index.ts';
import { resample } from '../resample/index.ts';
import { resampleThreshold } from './index.ts';

type Shape = readonly [number, number, number];

const FROM: Shape = [48, 48, 48];
const SIZES: readonly Shape[] = [
  [113, 113, 113],
  [246, 246, 246],
];

const values = Array.from({ length: FROM[0] * FROM[1] * FROM[2] }, (_, n) => {
  const index = [
    Math.floor(n / (FROM[1] * FROM[2])),
    Math.floor(n / FROM[2]) % FROM[1],
    n % FROM[2],
  ];
  return 1 / (1 + Math.exp(Math.hypot(...index.map((at) => at - 23.5)) - 12));
});
using input = Tensor.fromArray('float32', FROM, values);
for (const to of SIZES) {
  const outputToInput = to.flatMap((extent, axis) => {
    const ratio = (FROM[axis] ?? 1) / extent;
    return [0, 1, 2].map((column) => (column === axis ? ratio : 0)).concat(0.5 * ratio - 0.5);
  });
  const atLeast = 0.5;
  const oneAfterTheOther = async () => {
    using between = Tensor.empty('float32', to);
    const output = Tensor.empty('uint8', to);
    await resample({ input, output: between, outputToInput });
    await pointwise({ input: between, output, map: { kind: 'threshold', atLeast } });
    return output;
  };
  const inOne = async () => {
    const output = Tensor.empty('uint8', to);
    await resampleThreshold({ input, output, outputToInput, atLeast });
    return output;
  };
  using expected = await oneAfterTheOther();
  using got = await inOne();
  if (Buffer.compare(expected.bytes(), got.bytes()) !== 0) throw new Error('the outputs differ');
  const run = (make: () => Promise<Tensor>) => async () => {
    (await make()).dispose();
    return undefined;
  };
  const result = await comparePairs(
    { name: 'in one', run: run(inOne) },
    { name: 'resample, threshold', run: run(oneAfterTheOther) },
  );
  console.log(pairedLine(`[${FROM}] -> [${to}] at least ${atLeast}`, 'two operations', result));
}
