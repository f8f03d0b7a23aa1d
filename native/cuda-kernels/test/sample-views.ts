import type { Tensor } from '../lib/tensor.ts';

/** A view to try an operation on that goes element by element. */
export interface SampleView {
  readonly name: string;
  /** Of the dense tensor that is looked at. */
  readonly shape: readonly number[];
  readonly view: (whole: Tensor) => Tensor;
}

const whole = (tensor: Tensor) => tensor;

/** Sizes and strides at which indexing goes wrong, if it does. */
export const sampleViews: readonly SampleView[] = [
  { name: 'empty', shape: [3, 0, 2], view: whole },
  { name: 'no axes', shape: [], view: whole },
  { name: 'one voxel', shape: [1, 1, 1], view: whole },
  ...[31, 32, 33].flatMap((n) => [
    { name: `${n} in a row`, shape: [n], view: whole },
    { name: `${n} rows`, shape: [n, 3, 5], view: whole },
  ]),
  { name: 'several blocks', shape: [20, 21, 22], view: whole },
  { name: 'one long axis', shape: [20011], view: whole },
  { name: 'eight axes', shape: [2, 3, 1, 2, 3, 2, 3, 2], view: whole },
  { name: 'F order', shape: [23, 9, 11], view: (t) => t.permute([2, 1, 0]) },
  { name: 'wide transpose', shape: [70, 130], view: (t) => t.permute([1, 0]) },
  { name: 'axes turned round', shape: [5, 67, 66], view: (t) => t.permute([2, 0, 1]) },
  { name: 'flipped', shape: [7, 8, 33], view: (t) => t.flip([0, 2]) },
  {
    name: 'flipped and permuted',
    shape: [7, 8, 33],
    view: (t) => t.flip([1, 2]).permute([2, 0, 1]),
  },
  { name: 'a box inside', shape: [9, 10, 37], view: (t) => t.slice(0, 2, 7).slice(2, 3, 36) },
  { name: 'one of interleaved channels', shape: [17, 18, 3], view: (t) => t.select(2, 1) },
  { name: 'one voxel of a row', shape: [4, 5], view: (t) => t.slice(0, 2, 3).slice(1, 3, 4) },
];
