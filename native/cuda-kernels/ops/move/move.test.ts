import assert from 'node:assert/strict';
import { Tensor } from '../../lib/tensor.ts';
import { move } from './index.ts';

describe('move', () => {
  it('makes a view real: file order and bytes to network order and float32', async () => {
    using file = Tensor.fromArray('int16', [2, 2, 2], [1, 2, 3, 4, 5, 6, 7, -8], { order: 'F' });
    using network = Tensor.empty('float32', [2, 2, 2]);
    await move({ input: file.flip([0]), output: network });
    assert.deepEqual([...network.toArray()], [2, 6, 4, -8, 1, 5, 3, 7]);
  });

  it('saturates, rounds half to even, and knows no NaN among integers', async () => {
    using reals = Tensor.fromArray('float64', [8], [0.5, 1.5, 2.5, -0.6, 254.5, 300, -300, NaN]);
    using bytes = Tensor.empty('uint8', [8]);
    await move({ input: reals, output: bytes });
    assert.deepEqual([...bytes.toArray()], [0, 2, 2, 0, 254, 255, 0, 0]);
  });

  it('copies between parts of one tensor that are apart', async () => {
    using whole = Tensor.fromArray('uint8', [6], [1, 2, 3, 4, 5, 6]);
    await move({ input: whole.slice(0, 0, 3), output: whole.slice(0, 3, 6) });
    assert.deepEqual([...whole.toArray()], [1, 2, 3, 1, 2, 3]);
  });

  it('refuses another shape, and memory of the input', async () => {
    using whole = Tensor.empty('uint8', [6]);
    const wrong = [
      { input: whole, output: Tensor.empty('uint8', [5]) },
      { input: whole, output: Tensor.empty('uint8', [6, 1]) },
      { input: whole, output: whole },
      { input: whole.slice(0, 0, 4), output: whole.slice(0, 3, 6).slice(0, 0, 3) },
      { input: whole.slice(0, 0, 3), output: whole.slice(0, 2, 5) },
      { input: whole.slice(0, 0, 3), output: whole.slice(0, 2, 5).flip([0]) },
    ];
    for (const { input, output } of wrong) {
      const refused = move({ input, output });
      await assert.rejects(refused, { reason: 'ARGUMENT_INVALID', subject: 'output' });
    }
  });
});
