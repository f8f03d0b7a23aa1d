import { DTYPE_NAMES, type Dtype, type Element } from '../../lib/dtype.ts';
import { elementCount } from '../../lib/strides.ts';
import { Tensor } from '../../lib/tensor.ts';
import type { ParityCase, ParityCases } from '../../test/parity.ts';
import { ODD_REALS, sampleValues } from '../../test/sample-values.ts';
import { type SampleView, sampleViews } from '../../test/sample-views.ts';
import { type PointwiseMap, pointwise } from './index.ts';
import { referencePointwise } from './reference.ts';

interface Sketch {
  readonly name: string;
  readonly map: PointwiseMap;
  readonly dtype: Dtype;
  readonly values: readonly Element[];
  readonly input: SampleView;
  readonly inPlace?: boolean;
}

/** As float32 after one rounding; a float32 input is compared with the threshold as float32. */
function referenceOf({ map, dtype }: Sketch, element: Element): number {
  const rounded =
    map.kind === 'threshold' && dtype === 'float32'
      ? { ...map, atLeast: Math.fround(map.atLeast) }
      : map;
  return Math.fround(referencePointwise(rounded, Number(element)));
}

function parityCase(sketch: Sketch): ParityCase {
  const { name, map, dtype, values, input, inPlace = false } = sketch;
  const makeInput = () => input.view(Tensor.fromArray(dtype, input.shape, values));
  return {
    name,
    // A power is rounded differently by each library, and then to float32.
    ...(map.kind === 'gamma' && { tolerance: 1e-6 }),
    reference: () => {
      using view = makeInput();
      const elements = Array.from(view.toArray() as ArrayLike<Element>);
      return { output: elements.map((element) => referenceOf(sketch, element)) };
    },
    run: async () => {
      using view = makeInput();
      const isLabel = map.kind === 'threshold' || map.kind === 'lookup';
      using apart = Tensor.empty(isLabel ? 'uint8' : 'float32', view.shape);
      const output = inPlace ? view : apart;
      await pointwise({ input: view, output, map });
      return { output: output.toArray() };
    },
  };
}

const maps: readonly PointwiseMap[] = [
  { kind: 'scale', factor: 0.3, offset: -7 },
  { kind: 'scale', factor: -1.1, offset: 3, keepZeros: true, clip: [-50, 60] },
  { kind: 'standardise', mean: 41.7, std: 12.3 },
  { kind: 'standardise', mean: -3, std: 0, keepZeros: true },
  { kind: 'clip', low: -20.1, high: 90 },
  { kind: 'threshold', atLeast: 0.1 },
  { kind: 'threshold', atLeast: Number.NEGATIVE_INFINITY },
  { kind: 'finite', low: -5, high: 1e6 },
  { kind: 'gamma', exponent: 0.7, low: -20, high: 90 },
  { kind: 'gamma', exponent: 3.1, low: 0, high: 127 },
  { kind: 'lookup', table: Array.from({ length: 256 }, (_, n) => (n * 7 + 1) % 256) },
];

const scale: PointwiseMap = { kind: 'scale', factor: 0.3, offset: -7, keepZeros: true };

const views: readonly Sketch[] = sampleViews.flatMap((input) => {
  const values = sampleValues('float32', elementCount(input.shape));
  const shared = { map: scale, dtype: 'float32' as const, values, input };
  return [
    { ...shared, name: input.name },
    { ...shared, name: `${input.name}, in place`, inPlace: true },
  ];
});

const row: SampleView = { name: 'row', shape: [131], view: (tensor) => tensor };

const types: readonly Sketch[] = DTYPE_NAMES.flatMap((dtype) =>
  maps.map((map, n) => ({
    name: `${dtype}: ${map.kind} (${n})`,
    map,
    dtype,
    values: sampleValues(dtype, 131),
    input: row,
  })),
);

const reals = [...ODD_REALS, Math.fround(0.1), 0.1, Math.fround(0.1) - 2 ** -28, 41.7, -3];

const odd: readonly Sketch[] = (['float32', 'float64'] as const).flatMap((dtype) =>
  maps.map((map, n) => ({
    name: `${dtype}: ${map.kind} (${n}) of odd reals`,
    map,
    dtype,
    values: reals,
    input: { ...row, shape: [reals.length] },
  })),
);

const bytesInPlace: Sketch = {
  name: 'threshold of bytes, in place',
  map: { kind: 'threshold', atLeast: 100 },
  dtype: 'uint8',
  values: sampleValues('uint8', 131),
  input: row,
  inPlace: true,
};

export const cases: ParityCases = [...views, ...types, ...odd, bytesInPlace].map(parityCase);
