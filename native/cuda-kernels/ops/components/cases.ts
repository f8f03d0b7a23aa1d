import { Tensor } from '../../lib/tensor.ts';
import { type ParityCase, type ParityCases, random } from '../../test/parity.ts';
import { type Connectivity, fillHoles, labelComponents, largestComponent } from './index.ts';
import {
  fillHolesReference,
  labelComponentsReference,
  largestComponentReference,
  type ReferenceMask,
} from './reference.ts';

type View = (tensor: Tensor) => Tensor;
type Shape = readonly [number, number, number];

interface Sketch {
  readonly name: string;
  readonly shape: Shape;
  readonly values: (i: number, j: number, k: number) => number;
  readonly label?: number;
  readonly order?: 'C' | 'F';
  readonly view?: View;
}

const same: View = (tensor) => tensor;

function parityCases(sketch: Sketch): ParityCase[] {
  const { shape, values, label, order = 'C', view = same } = sketch;
  const data = new Uint8Array(shape[0] * shape[1] * shape[2]);
  for (let n = 0; n < data.length; n++) {
    const i = Math.floor(n / (shape[1] * shape[2]));
    data[n] = values(i, Math.floor(n / shape[2]) % shape[1], n % shape[2]);
  }
  const make = () => Tensor.fromArray('uint8', shape, data, { order });
  const seen = (connectivity: Connectivity): ReferenceMask => {
    using whole = make();
    using mask = view(whole);
    return {
      shape: mask.shape as Shape,
      values: mask.toArray() as Uint8Array,
      label,
      connectivity,
    };
  };
  const only = label === undefined ? {} : { label };
  const without = { emulated: 'the threads of its kernels cooperate' };
  return ([6, 18, 26] as const).flatMap((connectivity: Connectivity): ParityCase[] => {
    const inPlace = (change: typeof largestComponent) => async () => {
      using whole = make();
      using mask = view(whole);
      const before = sum(whole) - sum(mask);
      const { voxels } = await change({ mask, connectivity, ...only });
      // Nothing is written beside the view.
      const beside = sum(whole) - sum(mask) - before;
      return { mask: mask.toArray() as Uint8Array, voxels, beside };
    };
    const name = `${sketch.name}, ${connectivity}`;
    const largest: ParityCase = {
      name,
      without,
      reference: () => ({ ...largestComponentReference(seen(connectivity)), beside: 0 }),
      run: inPlace(largestComponent),
    };
    // The references flood voxel by voxel: of the large fields, one connectivity is enough for the others.
    if (data.length > 2 ** 18 && connectivity !== 18) return [largest];
    return [
      largest,
      {
        name: `holes: ${name}`,
        without,
        reference: () => ({ ...fillHolesReference(seen(connectivity)), beside: 0 }),
        run: inPlace(fillHoles),
      },
      {
        name: `labels: ${name}`,
        without,
        reference: () => labelComponentsReference(seen(connectivity)),
        run: async () => {
          using whole = make();
          using mask = view(whole);
          // Another order in memory than the mask's.
          using memory = Tensor.empty('int32', [...mask.shape].reverse());
          using labels = memory.permute([2, 1, 0]).flip([1]);
          const { voxels } = await labelComponents({ mask, labels, connectivity, ...only });
          return { labels: labels.toArray(), voxels };
        },
      },
    ];
  });
}

const sum = (tensor: Tensor): number =>
  (tensor.toArray() as Uint8Array).reduce((total, value) => total + value, 0);

/** The same noise for the same voxel, `density` of it foreground of values 1 to `labels`. */
function noise(seed: number, density: number, labels = 1): Sketch['values'] {
  const chance = random(seed);
  return () => (chance() < density ? 1 + Math.floor(chance() * labels) : 0);
}

const diagonal: Sketch['values'] = (i, j, k) => (i === j && j === k ? 1 : 0);
const checkers: Sketch['values'] = (i, j, k) => (i + j + k) % 2;

const sketches: readonly Sketch[] = [
  { name: 'empty', shape: [0, 3, 4], values: () => 1 },
  { name: 'background only', shape: [3, 4, 5], values: () => 0 },
  { name: 'one voxel', shape: [1, 1, 1], values: () => 7 },
  { name: 'everything', shape: [5, 6, 33], values: () => 1 },
  ...[31, 32, 33].map(
    (n): Sketch => ({ name: `rows of ${n}`, shape: [4, 5, n], values: noise(n, 0.35) }),
  ),
  { name: 'a diagonal: one voxel or all', shape: [9, 9, 9], values: diagonal },
  { name: 'checkers: first of equals', shape: [7, 8, 9], values: checkers },
  {
    name: 'two of one size: the first in C order, not in memory',
    shape: [4, 6, 5],
    order: 'F',
    values: (i, j, k) =>
      (i === 0 && j === 5 && k === 4) || (i === 3 && j === 0 && k === 0) ? 1 : 0,
  },
  {
    name: 'a comb that only its last plane joins',
    shape: [12, 20, 33],
    values: (i, j) => (i === 11 || j % 2 === 0 ? 1 : 0),
  },
  // Slabs of 2^18 voxels are scanned by threads of their own: these have two seams.
  { name: 'several slabs', shape: [70, 90, 100], values: noise(5, 0.3) },
  { name: 'several slabs, one component', shape: [70, 90, 100], values: noise(6, 0.6) },
  {
    name: 'several slabs, columns joined beyond the last seam',
    shape: [70, 90, 100],
    values: (i, j, k) => (i === 69 || (j % 3 === 0 && k % 3 === 0) ? 1 : 0),
  },
  { name: 'one label of five', shape: [12, 13, 40], values: noise(8, 0.9, 5), label: 3 },
  { name: 'a label that is not there', shape: [4, 5, 6], values: noise(9, 0.5), label: 200 },
  { name: 'label 255', shape: [6, 7, 33], values: (i, j) => ((i * j) % 3 ? 255 : 0), label: 255 },
  {
    name: 'a shell that touches by corners',
    shape: [7, 7, 33],
    values: (i, j, k) => (Math.abs(i - 3) + Math.abs(j - 3) + Math.abs(k - 16) === 3 ? 4 : 0),
  },
  {
    name: 'boxes in boxes, and a hole with another label',
    shape: [15, 17, 33],
    values: (i, j, k) => {
      const depth = Math.min(i, j, k, 14 - i, 16 - j, 32 - k);
      return i === 7 && j === 8 && k > 12 && k < 16 ? 9 : depth % 2 === 1 ? 3 : 0;
    },
    label: 3,
  },
  { name: 'several slabs, few holes', shape: [70, 90, 100], values: noise(14, 0.8) },
  { name: 'F order', shape: [20, 21, 33], order: 'F', values: noise(10, 0.4) },
  {
    name: 'permuted, flipped, cut',
    shape: [20, 21, 35],
    values: noise(12, 0.4),
    view: (tensor) => tensor.permute([2, 0, 1]).flip([0, 2]).slice(0, 1, 34).slice(2, 3, 20),
  },
];

export const cases: ParityCases = sketches.flatMap(parityCases);
