// Run lengths are bound by memory, so their rival is a copy of the box.
// npx tsx native/cuda-kernels/ops/run_lengths/bench.ts
import { Tensor } from '../../lib/tensor.ts';
import { comparePairs, pairedLine } from '../../test/pairs.ts';
import { runLengths } from './index.ts';

const side = 256;
using mask = Tensor.empty('uint8', [side, side, side], { order: 'F' });
const bytes = mask.bytes();
for (let n = 0; n < bytes.length; n++) {
  const [i, j, k] = [n % side, Math.floor(n / side) % side, Math.floor(n / side / side)];
  bytes[n] = Math.hypot(i - 128, j - 128, k - 128) < 100 ? 1 : 0;
}
const target = new Uint8Array(bytes.length);
const ours = async () => {
  await runLengths({ mask, boxLow: [10, 10, 10], shape: [512, 512, 512] });
  return undefined;
};
const rival = () => {
  target.set(bytes);
  return undefined;
};
const result = await comparePairs({ name: 'ours', run: ours }, { name: 'copy', run: rival });
console.log(pairedLine(`run lengths of a ball in ${side}^3`, 'copy', result));
