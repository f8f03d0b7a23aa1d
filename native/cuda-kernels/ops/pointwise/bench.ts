// A pointwise map is bound by memory, so its rival is a copy of the bytes that it reads.
// npx tsx native/cuda-kernels/ops/pointwise/bench.ts
import { Tensor } from '../../lib/tensor.ts';
import { comparePairs, pairedLine } from '../../test/pairs.ts';
import { type PointwiseMap, pointwise } from './index.ts';

const SHAPE = [192, 192, 128];

const maps: readonly PointwiseMap[] = [
  { kind: 'scale', factor: 2, offset: 1 },
  { kind: 'scale', factor: 2, offset: 1, keepZeros: true, clip: [0, 500] },
  { kind: 'standardise', mean: 400, std: 90, keepZeros: true },
  { kind: 'clip', low: 0, high: 500 },
  { kind: 'threshold', atLeast: 500 },
  { kind: 'finite', low: 0, high: 500 },
];

using input = Tensor.empty('float32', SHAPE);
const values = new Float32Array(input.bytes().buffer);
for (let n = 0; n < values.length; n++) values[n] = (n * 2654435761) % 1000;
const target = new Uint8Array(input.bytes().length);
const rival = () => {
  target.set(input.bytes());
  return undefined;
};

for (const map of maps) {
  using output = Tensor.empty(map.kind === 'threshold' ? 'uint8' : 'float32', SHAPE);
  const ours = async () => {
    await pointwise({ input, output, map });
    return undefined;
  };
  const result = await comparePairs({ name: 'ours', run: ours }, { name: 'copy', run: rival });
  const options = 'keepZeros' in map ? ', keeping zeros' : '';
  console.log(pairedLine(`pointwise ${map.kind}${options}`, 'copy', result));
}
