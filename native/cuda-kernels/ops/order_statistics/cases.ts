import { elementCount } from '../../lib/strides.ts';
import { Tensor } from '../../lib/tensor.ts';
import { type ParityCase, type ParityCases, random } from '../../test/parity.ts';
import { type SampleView, sampleViews } from '../../test/sample-views.ts';
import { percentiles } from './index.ts';
import { referencePercentiles } from './reference.ts';

interface Sketch {
  readonly name: string;
  readonly values: readonly number[];
  readonly input: SampleView;
  readonly percents?: readonly number[];
}

const PERCENTS = [50, 0, 100, 0.5, 99.5, 25, 25, 33.3, 1e-9, 66.67];

function parityCase({ name, values, input, percents = PERCENTS }: Sketch): ParityCase {
  const makeInput = () => input.view(Tensor.fromArray('float32', input.shape, values));
  return {
    name,
    reference: () => {
      using view = makeInput();
      return { values: referencePercentiles(view.toArray() as Float32Array, percents) };
    },
    run: async () => {
      using view = makeInput();
      return { values: await percentiles({ input: view, percents }) };
    },
    without: { emulated: 'the threads of a sort cooperate' },
  };
}

/** Both signs, many magnitudes, some values often. */
function sample(count: number): number[] {
  const chance = random(count);
  return Array.from({ length: count }, (_, n) =>
    n % 5 === 0 ? Math.floor(chance() * 4) : (chance() - 0.4) * 10 ** (n % 9),
  );
}

const views: readonly Sketch[] = sampleViews
  .filter(({ shape }) => elementCount(shape) > 0)
  .map((input) => ({ name: input.name, values: sample(elementCount(input.shape)), input }));

function ofRow(name: string, values: readonly number[], percents = PERCENTS): Sketch {
  const input = { name, shape: [values.length], view: (tensor: Tensor) => tensor };
  return { name, values, input, percents };
}

const { POSITIVE_INFINITY: infinity } = Number;

const odd: readonly Sketch[] = [
  ofRow('several tiles', sample(200_001)),
  ofRow('a constant', new Array<number>(1000).fill(-2.5)),
  ofRow('zeros of both signs', [0, -0, 0, -0, -0]),
  ofRow(
    'neighbours in the last digit',
    Array.from({ length: 99 }, (_, n) => 1 + n * 2 ** -23),
  ),
  ofRow(
    'denormals',
    Array.from({ length: 50 }, (_, n) => (n - 20) * 2 ** -149),
  ),
  ofRow('infinities', [-infinity, -infinity, 3, 4, infinity, infinity], [0, 20, 60, 100, 10]),
  ofRow('two values', [3, 1], [0, 10, 49.999, 50, 50.001, 90, 100]),
  ofRow('no percents', [3, 1], []),
  ofRow(
    'as many percents as allowed',
    sample(5000),
    Array.from({ length: 256 }, (_, n) => (n * 100) / 255),
  ),
];

export const cases: ParityCases = [...views, ...odd].map(parityCase);
