import assert from 'node:assert/strict';
import { type NativeTensor, native, type StorageHandle } from '../lib/native.ts';
import { nativeTensor, Tensor } from '../lib/tensor.ts';

interface NativeResample {
  resample(options: object): Promise<void>;
}

interface NativeRunLengths {
  runLengths(options: object): Promise<void>;
}

/** TypeScript checks first; here it is left out, and C++ has to hold alone. */
describe('the native boundary without TypeScript', () => {
  const input = nativeTensor(Tensor.empty('float32', [2, 3, 4]));
  const valid = {
    input,
    output: nativeTensor(Tensor.empty('float32', [2, 2, 2])),
    outputToInput: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
    nearest: false,
    slope: 1,
    intercept: 0,
    fill: 0,
  };
  const call = (changes: object) => native<NativeResample>().resample({ ...valid, ...changes });
  const tensor = (changes: Partial<Record<keyof NativeTensor, unknown>>) =>
    call({ input: { ...input, ...changes } });

  it('takes the valid call', async () => {
    await call({});
  });

  const wrong: Record<string, () => unknown> = {
    'no arguments': () => (native() as unknown as Record<string, () => unknown>).resample?.(),
    'no tensor': () => call({ input: undefined }),
    'a number for a tensor': () => call({ input: 4 }),
    'a foreign storage': () => tensor({ storage: {} as StorageHandle }),
    'a handle of another kind': () => tensor({ storage: native().createCancellation() }),
    'an unknown dtype': () => tensor({ dtype: 10 }),
    'a broken dtype': () => tensor({ dtype: Number.NaN }),
    'a negative extent': () => tensor({ shape: [2, -3, 4] }),
    'strides beyond the memory': () => tensor({ strides: [13, 4, 1] }),
    'strides before the memory': () => tensor({ strides: [-12, 4, 1] }),
    'strides that overflow': () => tensor({ strides: [2 ** 53 - 1, 2 ** 53 - 1, 2 ** 53 - 1] }),
    'an offset beyond the memory': () => tensor({ offset: 1 }),
    'a negative offset': () => tensor({ offset: -1 }),
    'a fraction as stride': () => tensor({ strides: [12, 4, 0.5] }),
    'too few strides': () => tensor({ strides: [12, 4] }),
    'another rank': () => tensor({ shape: [2, 12], strides: [12, 1] }),
    'a map of 11': () => call({ outputToInput: valid.outputToInput.slice(1) }),
    'text in the map': () => call({ outputToInput: [...valid.outputToInput.slice(1), 'x'] }),
    'a missing number': () => call({ slope: undefined }),
    'a number as flag': () => call({ nearest: 1 }),
    'a foreign cancellation': () => call({ cancellation: {} }),
    'another dtype of mask': () => native<NativeRunLengths>().runLengths({ mask: input }),
    'an output in the memory of the input': () => call({ output: input }),
    'an unknown target': () => native().forceTarget({ target: 'mmx' as 'avx2' }),
    'no threads': () => native().forceTarget({ threads: 0 }),
    'a negative size': () => native().createStorage(-1),
  };
  for (const [name, attempt] of Object.entries(wrong)) {
    it(`refuses ${name}`, () => {
      assert.throws(attempt, (error: { reason?: string }) => error.reason === 'ARGUMENT_INVALID');
    });
  }
});
