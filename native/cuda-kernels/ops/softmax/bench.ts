// Beside scipy's softmax over the first axis, and beside a copy of what is read and written.
// npx tsx native/cuda-kernels/ops/softmax/bench.ts
import { Tensor } from '../../lib/tensor.ts';
import { comparePairs, pairedLine } from '../../test/pairs.ts';
import { againstScipy } from '../../test/scipy-rival.ts';
import { softmax } from './index.ts';

for (const channels of [2, 8]) {
  const shape = [channels, 128, 128, 128];
  using input = Tensor.empty('float32', shape);
  using output = Tensor.empty('float32', shape);
  const values = new Float32Array(input.bytes().buffer);
  for (let n = 0; n < values.length; n++) values[n] = ((n * 7919) % 2003) / 100 - 10;
  const what = `softmax, [${shape.join(', ')}]`;
  await againstScipy({
    what,
    inputs: { input },
    output,
    ours: () => softmax({ input, output }),
    theirs: 'from scipy.special import softmax\nout = softmax(input, axis=0)',
    tolerance: 1e-6,
    pairs: 5,
  });
  const target = new Uint8Array(input.bytes().length);
  const ours = async () => {
    await softmax({ input, output });
    return undefined;
  };
  const rival = () => {
    target.set(input.bytes());
    return undefined;
  };
  const result = await comparePairs({ name: 'ours', run: ours }, { name: 'copy', run: rival });
  console.log(pairedLine(what, 'copy', result));
}
