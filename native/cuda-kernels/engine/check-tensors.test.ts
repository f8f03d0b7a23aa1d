import assert from 'node:assert/strict';
import { SextantError } from '#errors';
import { Tensor } from '../lib/tensor.ts';
import { checkTensors } from './check-tensors.ts';

const ports = {
  inputs: [
    { name: 'image', dtype: 'float32', shape: ['batch', 2, 'side', 'side'] },
    { name: 'mean', dtype: 'float64', shape: [] },
  ],
  outputs: [
    { name: 'label', dtype: 'float32', shape: ['batch', '', 4] },
    { name: 'score', dtype: 'float32', shape: ['batch'] },
  ],
};

function given(): { inputs: Record<string, Tensor>; outputs: Record<string, Tensor> } {
  return {
    inputs: {
      image: Tensor.empty('float32', [3, 2, 5, 5]),
      mean: Tensor.empty('float64', []),
    },
    outputs: { label: Tensor.empty('float32', [3, 9, 4]) },
  };
}

describe('checkTensors', () => {
  it('takes what fits, and outputs that are left out', () => {
    checkTensors(ports, given());
  });

  const wrong: [string, Partial<Record<'inputs' | 'outputs', Record<string, Tensor>>>, RegExp][] = [
    [
      'a size',
      { inputs: { image: Tensor.empty('float32', [3, 1, 5, 5]) } },
      /^inputs\.image: expected float32 \[batch, 2, side, side\], got float32 \[3, 1, 5, 5\]$/,
    ],
    [
      'the number of axes',
      { inputs: { image: Tensor.empty('float32', [2, 5, 5]) } },
      /^inputs\.image: .*got float32 \[2, 5, 5\]$/,
    ],
    [
      'the dtype',
      { inputs: { mean: Tensor.empty('float32', []) } },
      /^inputs\.mean: expected float64 \[\], got float32 \[\]$/,
    ],
    [
      'a size that contradicts its name',
      { inputs: { image: Tensor.empty('float32', [3, 2, 5, 6]) } },
      /^inputs\.image: expected side = 5, as in inputs\.image, got float32 \[3, 2, 5, 6\]$/,
    ],
    [
      'another batch on the output',
      { outputs: { label: Tensor.empty('float32', [2, 9, 4]) } },
      /^outputs\.label: expected batch = 3, as in inputs\.image/,
    ],
    [
      'a strided view',
      { inputs: { image: Tensor.empty('float32', [5, 5, 2, 3]).permute([3, 2, 0, 1]) } },
      /^inputs\.image: expected a dense tensor in C order, got a strided view$/,
    ],
    [
      'a name',
      { outputs: { labels: Tensor.empty('float32', [3, 9, 4]) } },
      /^outputs\.labels: expected one of label, score.*did you mean label\?$/,
    ],
  ];
  for (const [what, change, message] of wrong) {
    it(`finds ${what}`, () => {
      const { inputs, outputs } = given();
      const changed = {
        inputs: { ...inputs, ...change.inputs },
        outputs: { ...outputs, ...change.outputs },
      };
      assert.throws(() => checkTensors(ports, changed), { reason: 'ARGUMENT_INVALID', message });
    });
  }

  it('finds an input that is missing', () => {
    const { inputs, outputs } = given();
    const { image } = inputs;
    assert.ok(image);
    assert.throws(
      () => checkTensors(ports, { inputs: { image }, outputs }),
      /^SextantError: inputs\.mean: expected float64 \[\], got nothing$/,
    );
  });

  it('finds that nothing is asked for', () => {
    const { inputs } = given();
    assert.throws(
      () => checkTensors(ports, { inputs, outputs: {} }),
      (error) => error instanceof SextantError && error.subject === 'outputs',
    );
  });

  it('finds a disposed tensor', () => {
    const { inputs, outputs } = given();
    inputs.image?.dispose();
    assert.throws(() => checkTensors(ports, { inputs, outputs }), {
      reason: 'TENSOR_DISPOSED',
      subject: 'inputs.image',
    });
  });

  it('finds an output in the memory of another tensor', () => {
    const { inputs } = given();
    using whole = Tensor.empty('float32', [200]);
    const image = whole.slice(0, 0, 150).reshape([3, 2, 5, 5]);
    const label = whole.slice(0, 92, 200).reshape([3, 9, 4]);
    const score = Tensor.empty('float32', [3]);
    assert.throws(
      () => checkTensors(ports, { inputs: { ...inputs, image }, outputs: { score, label } }),
      {
        reason: 'ARGUMENT_INVALID',
        message: /^outputs\.label: expected memory of its own, got memory of inputs\.image$/,
      },
    );
    assert.throws(
      () =>
        checkTensors(ports, {
          inputs: given().inputs,
          outputs: {
            label: whole.slice(0, 0, 108).reshape([3, 9, 4]),
            score: whole.slice(0, 107, 110),
          },
        }),
      {
        subject: 'outputs.label',
        got: 'memory of outputs.score',
      },
    );
  });
});
