// A move is bound by memory, so its rival is a copy of as many bytes.
// npx tsx native/cuda-kernels/ops/move/bench.ts
import type { Dtype } from '../../lib/dtype.ts';
import { Tensor } from '../../lib/tensor.ts';
import { comparePairs, pairedLine } from '../../test/pairs.ts';
import { move } from './index.ts';

const SHAPE = [192, 192, 128];

const moves: [string, Dtype, Dtype, (input: Tensor) => Tensor][] = [
  ['as it lies', 'float32', 'float32', (input) => input],
  ['flipped', 'float32', 'float32', (input) => input.flip([0, 2])],
  ['F to C order', 'float32', 'float32', (input) => input.permute([2, 1, 0])],
  ['F to C order', 'int16', 'float32', (input) => input.permute([2, 1, 0])],
  ['rounded', 'float32', 'int16', (input) => input],
];

for (const [what, from, to, view] of moves) {
  using stored = Tensor.empty(from, SHAPE);
  stored.bytes().fill(1);
  using input = view(stored);
  using output = Tensor.empty(to, input.shape);
  const source = stored.bytes();
  const target = output.bytes();
  const ours = async () => {
    await move({ input, output });
    return undefined;
  };
  const bytes = Math.min(source.length, target.length);
  const copied = { from: source.slice(0, bytes), to: new Uint8Array(bytes) };
  const rival = () => {
    copied.to.set(copied.from);
    return undefined;
  };
  const result = await comparePairs({ name: 'ours', run: ours }, { name: 'copy', run: rival });
  console.log(pairedLine(`move ${from} to ${to}, ${what}`, 'copy', result));
}
