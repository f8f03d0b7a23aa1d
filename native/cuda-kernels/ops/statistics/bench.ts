// Statistics read each element once, so their rival is a copy of the bytes.
// npx tsx native/cuda-kernels/ops/statistics/bench.ts
import { Tensor } from '../../lib/tensor.ts';
import { comparePairs, pairedLine } from '../../test/pairs.ts';
import { statistics } from './index.ts';

const SHAPE = [192, 192, 128];

const inputs: [string, 'int16' | 'float32', (stored: Tensor) => Tensor][] = [
  ['C order', 'float32', (stored) => stored],
  ['F order', 'float32', (stored) => stored.permute([2, 1, 0])],
  ['C order', 'int16', (stored) => stored],
];

for (const [what, dtype, view] of inputs) {
  using stored = Tensor.empty(dtype, SHAPE);
  const { buffer } = stored.bytes();
  const values = dtype === 'int16' ? new Int16Array(buffer) : new Float32Array(buffer);
  for (let n = 0; n < values.length; n++) values[n] = n % 61;
  using input = view(stored);
  const target = new Uint8Array(stored.bytes().length);
  const ours = async () => {
    await statistics({ input, skipZeros: true });
    return undefined;
  };
  const rival = () => {
    target.set(stored.bytes());
    return undefined;
  };
  const result = await comparePairs({ name: 'ours', run: ours }, { name: 'copy', run: rival });
  console.log(pairedLine(`statistics of ${dtype}, ${what}`, 'copy', result));
}
