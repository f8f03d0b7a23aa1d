import { DTYPE_NAMES, type Dtype, type Element } from '../../lib/dtype.ts';
import { elementCount } from '../../lib/strides.ts';
import { Tensor } from '../../lib/tensor.ts';
import type { ParityCase, ParityCases } from '../../test/parity.ts';
import { sampleValues } from '../../test/sample-values.ts';
import { type SampleView, sampleViews } from '../../test/sample-views.ts';
import { BIAS_TERMS, type IndexedMap, indexedMap } from './index.ts';
import { referenceIndexedMap } from './reference.ts';

const stream = { key: [0x12345678, 9], counter: [3 << 8, 0xffffffff, 17] } as const;

const maps: readonly IndexedMap[] = [
  { kind: 'noise', std: 3.5, stream },
  {
    kind: 'bias',
    coefficients: Array.from({ length: BIAS_TERMS }, (_, n) => 0.02 * (n % 7) - 0.04),
  },
];

interface Sketch {
  readonly name: string;
  readonly map: IndexedMap;
  readonly dtype: Dtype;
  readonly input: SampleView;
  readonly inPlace?: boolean;
}

function parityCase({ name, map, dtype, input, inPlace = false }: Sketch): ParityCase {
  const values = sampleValues(dtype, elementCount(input.shape));
  const makeInput = () => input.view(Tensor.fromArray(dtype, input.shape, values));
  return {
    name,
    // Logarithms, cosines and exponentials are rounded differently by each library.
    tolerance: 1e-6,
    reference: () => {
      using view = makeInput();
      const elements = Array.from(view.toArray() as ArrayLike<Element>, Number);
      const { shape } = view;
      return {
        output: elements.map((x, n) => Math.fround(referenceIndexedMap(map, x, { n, shape }))),
      };
    },
    run: async () => {
      using view = makeInput();
      using apart = Tensor.empty('float32', view.shape);
      const output = inPlace ? view : apart;
      await indexedMap({ input: view, output, map });
      return { output: output.toArray() };
    },
  };
}

const solid = sampleViews.filter(
  ({ shape, view }) => view(Tensor.empty('uint8', shape)).shape.length >= 3,
);

const sketches: readonly Sketch[] = maps.flatMap((map) => [
  ...solid.flatMap((input) => [
    { name: `${map.kind}: ${input.name}`, map, dtype: 'float32' as const, input },
    {
      name: `${map.kind}: ${input.name}, in place`,
      map,
      dtype: 'float32' as const,
      input,
      inPlace: true,
    },
  ]),
  ...DTYPE_NAMES.map((dtype) => ({
    name: `${map.kind}: ${dtype}`,
    map,
    dtype,
    input: { name: 'block', shape: [3, 5, 7], view: (tensor: Tensor) => tensor },
  })),
]);

export const cases: ParityCases = sketches.map(parityCase);
