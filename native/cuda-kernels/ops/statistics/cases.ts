import { DTYPE_NAMES, type Dtype, type Element } from '../../lib/dtype.ts';
import { elementCount } from '../../lib/strides.ts';
import { Tensor } from '../../lib/tensor.ts';
import type { ParityCase, ParityCases } from '../../test/parity.ts';
import { sampleValues } from '../../test/sample-values.ts';
import { type SampleView, sampleViews } from '../../test/sample-views.ts';
import { type Statistics, statistics } from './index.ts';
import { referenceStatistics } from './reference.ts';

interface Sketch {
  readonly name: string;
  readonly dtype: Dtype;
  readonly values: readonly Element[];
  readonly input: SampleView;
}

function parityCase({ name, dtype, values, input }: Sketch): ParityCase {
  const makeInput = () => input.view(Tensor.fromArray(dtype, input.shape, values));
  return {
    name,
    reference: () => {
      using view = makeInput();
      const elements = Array.from(view.toArray() as ArrayLike<Element>, Number);
      return named(referenceStatistics(elements), referenceStatistics(elements, true));
    },
    run: async () => {
      using view = makeInput();
      const all = await statistics({ input: view });
      return named(all, await statistics({ input: view, skipZeros: true }));
    },
    // Sums in another order than the compensated ones of the reference.
    tolerance: 1e-13,
    without: { emulated: 'the threads of a reduction cooperate' },
  };
}

function named(all: Statistics, nonZero: Statistics): Record<string, number> {
  const entries = Object.entries(measured(nonZero));
  const prefixed = entries.map(([name, value]) => [`nonZero.${name}`, value]);
  return { ...measured(all), ...Object.fromEntries(prefixed) };
}

/** A mean's rounding is that of the values: where they cancel out, it is large beside the mean. */
function measured({ mean, ...others }: Statistics): Record<string, number> {
  const largest = Math.max(Math.abs(others.min), Math.abs(others.max));
  return { ...others, meanByLargest: mean / largest };
}

const views: readonly Sketch[] = sampleViews.map((input) => ({
  name: input.name,
  dtype: 'int16',
  values: sampleValues('int16', elementCount(input.shape)),
  input,
}));

const row: SampleView = { name: 'row', shape: [2500], view: (tensor) => tensor };

const types: readonly Sketch[] = DTYPE_NAMES.map((dtype) => ({
  name: dtype,
  dtype,
  values: sampleValues(dtype, 2500),
  input: row,
}));

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

const odd: readonly Sketch[] = (
  [
    [
      'NaN and infinities among numbers',
      (n: number) => [nan, infinity, -infinity, 1, n, -0][n % 6],
    ],
    ['nothing finite', (n: number) => [nan, infinity, -infinity][n % 3]],
    ['zeros alone', (n: number) => (n % 2 === 0 ? 0 : -0)],
    ['a constant', () => 1 / 3],
    ['a small spread on a large offset', (n: number) => 1e8 + (n % 7)],
    ['zeros between numbers', (n: number) => (n % 3 === 0 ? n : 0)],
  ] as const
).flatMap(([name, value]) =>
  (['float32', 'float64'] as const).map((dtype) => ({
    name: `${dtype}: ${name}`,
    dtype,
    values: Array.from({ length: 2500 }, (_, n) => value(n) ?? 0),
    input: row,
  })),
);

export const cases: ParityCases = [...views, ...types, ...odd].map(parityCase);
