import { DTYPE_NAMES, type Dtype, type Element } from '../../lib/dtype.ts';
import { elementCount } from '../../lib/strides.ts';
import { Tensor } from '../../lib/tensor.ts';
import { type ParityCase, type ParityCases, random } from '../../test/parity.ts';
import { sampleValues } from '../../test/sample-values.ts';
import { type SampleView, sampleViews } from '../../test/sample-views.ts';
import { maskedSelect } from './index.ts';
import { maskedSelectReference } from './reference.ts';

interface Sketch {
  readonly name: string;
  readonly dtype: Dtype;
  readonly input: SampleView;
  /** Which part of the elements is selected. Default a half. */
  readonly part?: number;
  /** Whether the mask is seen as the input is, or has another order in memory. */
  readonly isMaskDense?: boolean;
}

function parityCase({ name, dtype, input, part = 0.5, isMaskDense = false }: Sketch): ParityCase {
  const chance = random(11);
  const count = elementCount(input.shape);
  const chosen = Array.from({ length: count }, () => (chance() < part ? 1 + (count % 255) : 0));
  const values = sampleValues(dtype, count);
  const makeInput = () => input.view(Tensor.fromArray(dtype, input.shape, values));
  const makeMask = () => {
    const seen = input.view(Tensor.fromArray('uint8', input.shape, chosen));
    return isMaskDense ? Tensor.fromArray('uint8', seen.shape, seen.toArray()) : seen;
  };
  return {
    name,
    without: { emulated: 'the threads of a scan cooperate' },
    reference: () => {
      using view = makeInput();
      using mask = makeMask();
      const elements = view.toArray() as ArrayLike<Element>;
      return { selected: maskedSelectReference(elements, mask.toArray() as Uint8Array) };
    },
    run: async () => {
      using view = makeInput();
      using mask = makeMask();
      using selected = await maskedSelect({ input: view, mask });
      return { selected: Array.from(selected.toArray() as ArrayLike<Element>) };
    },
  };
}

const views: readonly Sketch[] = sampleViews.flatMap((input) => [
  { name: input.name, dtype: 'int16', input },
  { name: `${input.name}, dense mask`, dtype: 'int16', input, isMaskDense: true },
]);

const block: SampleView = { name: 'block', shape: [41, 50, 33], view: (tensor) => tensor };

const parts: readonly Sketch[] = [0, 0.01, 0.99, 1].map((part) => ({
  name: `${100 * part} % of several chunks`,
  dtype: 'float32',
  input: block,
  part,
}));

const types: readonly Sketch[] = DTYPE_NAMES.map((dtype) => ({
  name: dtype,
  dtype,
  input: { name: 'row', shape: [777], view: (tensor) => tensor },
}));

export const cases: ParityCases = [...views, ...parts, ...types].map(parityCase);
