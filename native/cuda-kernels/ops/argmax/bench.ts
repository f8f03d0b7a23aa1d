// argmax is bound by memory, so its rival is a copy of the bytes that it reads.
// npx tsx native/cuda-kernels/ops/argmax/bench.ts
import { Tensor } from '../../lib/tensor.ts';
import { comparePairs, pairedLine } from '../../test/pairs.ts';
import { argmax } from './index.ts';

for (const channels of [2, 8]) {
  const shape = [channels, 192, 192, 128];
  using input = Tensor.empty('float32', shape);
  using output = Tensor.empty('uint8', shape.slice(1));
  const values = new Float32Array(input.bytes().buffer);
  for (let n = 0; n < values.length; n++) values[n] = (n * 2654435761) % 1000;
  const target = new Uint8Array(input.bytes().length);
  const ours = async () => {
    await argmax({ input, output });
    return undefined;
  };
  const rival = () => {
    target.set(input.bytes());
    return undefined;
  };
  const result = await comparePairs({ name: 'ours', run: ours }, { name: 'copy', run: rival });
  console.log(pairedLine(`argmax, [${shape.join(', ')}]`, 'copy', result));
}
