import { DTYPE_NAMES, type Dtype, type Element, isBigDtype } from '../../lib/dtype.ts';
import { elementCount } from '../../lib/strides.ts';
import { Tensor } from '../../lib/tensor.ts';
import type { ParityCase, ParityCases } from '../../test/parity.ts';
import { ODD_REALS, sampleValues } from '../../test/sample-values.ts';
import { type SampleView, sampleViews } from '../../test/sample-views.ts';
import { move } from './index.ts';
import { referenceConvert } from './reference.ts';

interface Sketch {
  readonly name: string;
  readonly from: Dtype;
  readonly to: Dtype;
  readonly values: readonly Element[];
  readonly input: SampleView;
  /** Views the dense output, whose shape it is to give back. Default: as it is. */
  readonly output?: (shape: readonly number[]) => { whole: Tensor; view: Tensor };
}

function dense(to: Dtype): NonNullable<Sketch['output']> {
  return (shape) => {
    const whole = Tensor.empty(to, shape);
    return { whole, view: whole };
  };
}

function parityCase({ name, from, to, values, input, output = dense(to) }: Sketch): ParityCase {
  const makeInput = () => input.view(Tensor.fromArray(from, input.shape, values));
  return {
    name,
    reference: () => {
      using view = makeInput();
      const elements = Array.from(view.toArray() as ArrayLike<Element>, (value) => {
        const converted = referenceConvert(value, to);
        return isBigDtype(to) ? converted : Number(converted);
      });
      return { output: elements, beside: 0 };
    },
    run: async () => {
      using view = makeInput();
      const { whole, view: target } = output(view.shape);
      await move({ input: view, output: target });
      const beside = nonZero(whole) - nonZero(target);
      const result = { output: target.toArray(), beside };
      target.dispose();
      whole.dispose();
      return result;
    },
  };
}

function nonZero(tensor: Tensor): number {
  return Array.from(tensor.toArray() as ArrayLike<Element>, Number).filter((x) => x !== 0).length;
}

const views: readonly Sketch[] = (['int16', 'float32'] as const).flatMap((to) =>
  sampleViews.map((input) => ({
    name: `${input.name} to ${to}`,
    from: 'int16',
    to,
    values: sampleValues('int16', elementCount(input.shape)),
    input,
  })),
);

const cube: SampleView = { name: 'cube', shape: [35, 9, 70], view: (tensor) => tensor };
const cubeValues = sampleValues('int16', elementCount(cube.shape));

/** Outputs in a larger tensor, so that what is written beside them shows. */
const outputs: readonly Sketch[] = [
  { name: 'F', order: [2, 1, 0], flips: [] },
  { name: 'flipped', order: [0, 1, 2], flips: [0, 2] },
  { name: 'turned and flipped', order: [1, 2, 0], flips: [1] },
].map(({ name, order, flips }) => ({
  name: `into an output that is ${name}`,
  from: 'int16',
  to: 'int32',
  values: cubeValues,
  input: cube,
  output: (shape) => {
    const stored = order.map((axis) => (shape[axis] ?? 0) + 2);
    const whole = Tensor.empty('int32', stored);
    let view = whole;
    stored.forEach((n, axis) => {
      view = view.slice(axis, 1, n - 1);
    });
    return { whole, view: view.permute(order.map((_, axis) => order.indexOf(axis))).flip(flips) };
  },
}));

/** Elements of every size whose nearest neighbours are others in the output, in whole blocks and what is left. */
const turned: readonly Sketch[] = (['uint8', 'int16', 'float32', 'float64'] as const).flatMap(
  (dtype) =>
    [[], [0], [2], [0, 2]].map((flips) => ({
      name: `${dtype} turned, flipped along [${flips.join(', ')}]`,
      from: dtype,
      to: dtype,
      values: sampleValues(dtype, 37 * 3 * 70),
      input: {
        name: 'turned',
        shape: [37, 3, 70],
        view: (tensor) => tensor.permute([2, 1, 0]).flip(flips),
      },
    })),
);

const row: SampleView = { name: 'row', shape: [61], view: (tensor) => tensor };

const types: readonly Sketch[] = DTYPE_NAMES.flatMap((from) =>
  DTYPE_NAMES.flatMap((to) => {
    const sketch = { from, to, input: row, values: sampleValues(from, 61) };
    const named = { ...sketch, name: `${from} to ${to}` };
    if (from !== 'float32' && from !== 'float64') return [named];
    const input = { ...row, shape: [ODD_REALS.length] };
    return [named, { ...named, name: `${named.name}: odd reals`, input, values: ODD_REALS }];
  }),
);

export const cases: ParityCases = [...views, ...outputs, ...turned, ...types].map(parityCase);
