import assert from 'node:assert/strict';
import { SextantError } from '#errors';
import { DTYPE_NAMES } from './dtype.ts';
import { nativeTensor, Tensor } from './tensor.ts';

const reason = (expected: string) => (error: unknown) =>
  error instanceof SextantError && error.reason === expected;

describe('Tensor', () => {
  it('is zero-filled and 64-byte aligned memory in C order by default', () => {
    using tensor = Tensor.empty('int16', [2, 3, 4]);
    assert.deepEqual(tensor.strides, [12, 4, 1]);
    assert.deepEqual([...tensor.toArray()], new Array(24).fill(0));
    assert.equal(tensor.bytes().byteLength, 48);
    assert.deepEqual(Tensor.empty('int16', [2, 3, 4], { order: 'F' }).strides, [1, 2, 6]);
  });

  for (const dtype of DTYPE_NAMES) {
    it(`keeps ${dtype} values through memory`, () => {
      using tensor = Tensor.fromArray(dtype, [2, 2], [1, 2, 3, 100], { order: 'F' });
      assert.deepEqual(Array.from(tensor.toArray(), Number), [1, 3, 2, 100]);
    });
  }

  it('permutes, flips, slices and selects without a copy', () => {
    using tensor = Tensor.fromArray('uint8', [2, 3], [0, 1, 2, 3, 4, 5]);
    using permuted = tensor.permute([1, 0]);
    using flipped = tensor.flip([1]);
    using sliced = tensor.slice(1, 1, 3);
    using selected = tensor.flip([0, 1]).select(0, 0);
    assert.deepEqual([...permuted.toArray()], [0, 3, 1, 4, 2, 5]);
    assert.deepEqual([...flipped.toArray()], [2, 1, 0, 5, 4, 3]);
    assert.deepEqual(flipped.strides, [3, -1]);
    assert.deepEqual([...sliced.toArray()], [1, 2, 4, 5]);
    assert.deepEqual([tensor.byteLength, sliced.byteLength], [6, 4]);
    assert.deepEqual([...selected.toArray()], [5, 4, 3]);
    tensor.bytes()[5] = 50;
    assert.deepEqual([...selected.toArray()], [50, 4, 3]);
  });

  it('flipping an axis twice in one call is flipping it once', () => {
    using tensor = Tensor.fromArray('uint8', [3], [1, 2, 3]);
    assert.deepEqual([...tensor.flip([0, 0]).toArray()], [3, 2, 1]);
  });

  it('reshapes dense tensors in their own order and refuses others', () => {
    using tensor = Tensor.fromArray('uint8', [2, 3], [0, 1, 2, 3, 4, 5], { order: 'F' });
    assert.deepEqual(tensor.reshape([2, 3, 1]).strides, [1, 2, 6]);
    assert.throws(() => tensor.reshape([7]), reason('ARGUMENT_INVALID'));
    assert.throws(() => tensor.flip([0]).reshape([6]), reason('ARGUMENT_INVALID'));
  });

  it('shows the bytes of a dense part, and refuses to show those of a strided one', () => {
    using tensor = Tensor.fromArray('int16', [3, 2], [1, 2, 3, 4, 5, 6]);
    using part = tensor.slice(0, 1, 2);
    const bytes = part.bytes();
    assert.deepEqual([...new Int16Array(bytes.buffer, bytes.byteOffset, 2)], [3, 4]);
    assert.throws(() => tensor.slice(1, 0, 1).bytes(), reason('ARGUMENT_INVALID'));
  });

  it('copies from views into a larger ArrayBuffer', () => {
    const source = new Float32Array([9, 9, 1, 2, 3, 9]);
    using tensor = Tensor.fromArray('float32', [3], new Float32Array(source.buffer, 8, 3));
    source.fill(0);
    assert.deepEqual([...tensor.toArray()], [1, 2, 3]);
  });

  it('handles empty tensors', () => {
    using tensor = Tensor.empty('float64', [3, 0, 2]);
    assert.equal(tensor.toArray().length, 0);
    assert.equal(tensor.bytes().byteLength, 0);
    assert.deepEqual(tensor.flip([0, 1, 2]).slice(0, 3, 3).shape, [0, 0, 2]);
  });

  it('refuses what is no shape, dtype, axis, range or length', () => {
    using tensor = Tensor.empty('uint8', [2, 3]);
    const refused = [
      () => Tensor.empty('uint8', [2, -1]),
      () => Tensor.empty('uint8', [1.5]),
      () => Tensor.empty('uint8', [2 ** 30, 2 ** 30, 0, 2 ** 30]),
      () => Tensor.empty('uint8', new Array(9).fill(1)),
      () => Tensor.empty('float16' as 'float32', [1]),
      () => Tensor.fromArray('uint8', [2], [1]),
      () => tensor.permute([0, 0]),
      () => tensor.permute([0]),
      () => tensor.flip([2]),
      () => tensor.slice(0, 1, 3),
      () => tensor.slice(0, 2, 1),
      () => tensor.select(1, 3),
    ];
    for (const call of refused) {
      assert.throws(call, reason('ARGUMENT_INVALID'), call.toString());
    }
  });

  it('names memory that is not to be had', () => {
    assert.throws(() => Tensor.empty('float64', [2 ** 49]), reason('LIMIT_EXCEEDED'));
  });

  it('takes a second dispose, and refuses use after the first', () => {
    const tensor = Tensor.empty('uint8', [2, 2]);
    tensor.dispose();
    tensor.dispose();
    assert.equal(tensor.disposed, true);
    const uses = [
      () => tensor.bytes(),
      () => tensor.toArray(),
      () => tensor.flip([0]),
      () => tensor.reshape([4]),
      () => nativeTensor(tensor),
    ];
    for (const use of uses) assert.throws(use, reason('TENSOR_DISPOSED'), use.toString());
  });

  it('lives until its last view, whichever goes first, and its bytes after that', () => {
    const tensor = Tensor.fromArray('uint8', [2], [1, 2]);
    const view = tensor.flip([0]);
    const bytes = tensor.bytes();
    tensor.dispose();
    tensor.dispose();
    assert.deepEqual([...view.toArray()], [2, 1]);
    view.dispose();
    assert.deepEqual([...bytes], [1, 2]);
  });
});
