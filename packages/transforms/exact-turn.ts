import { AXES, type Axis, type IndexMap, perAxis, type Vec3 } from '#geometry';
import type { Tensor } from '#kernels';

/** A map that takes voxel centres to voxel centres: input axis `axis[o]` runs along output axis o. */
export interface ExactTurn {
  readonly axis: readonly [Axis, Axis, Axis];
  readonly sign: Vec3;
  /** Per input axis: where output index 0 is read. */
  readonly start: Vec3;
}

/** The turn that an index map is, when it is one. */
export function exactTurn(toInput: IndexMap): ExactTurn | undefined {
  const column = (output: Axis) => perAxis((input) => toInput[input * 4 + output] ?? 0);
  const axis = perAxis((output) => column(output).findIndex((step) => step !== 0) as Axis);
  const sign = perAxis((output) => column(output)[axis[output]] ?? 0);
  const start = perAxis((input) => toInput[input * 4 + 3] ?? 0);
  const isOneStep = AXES.every(
    (output) =>
      Math.abs(sign[output]) === 1 && column(output).filter((step) => step !== 0).length === 1,
  );
  const isExact = isOneStep && new Set(axis).size === 3 && start.every(Number.isInteger);
  return isExact ? { axis, sign, start } : undefined;
}

/** Whether a grid of `shape` is read from voxels of an input of shape `input` alone. */
export function isInside({ axis, sign, start }: ExactTurn, shape: Vec3, input: Vec3): boolean {
  return AXES.every((output) => {
    const first = start[axis[output]];
    const last = first + sign[output] * (shape[output] - 1);
    return Math.min(first, last) >= 0 && Math.max(first, last) < input[axis[output]];
  });
}

/** `storage` [C, x, y, z] crop, flipped and turned to a grid of `shape`: a view, nothing is copied. */
export function turned(storage: Tensor, { axis, sign, start }: ExactTurn, shape: Vec3): Tensor {
  let view = storage.flip([]);
  for (const output of AXES) {
    const input = axis[output];
    const last = start[input] + sign[output] * (shape[output] - 1);
    const low = Math.min(start[input], last);
    view = replaced(view, view.slice(input + 1, low, low + shape[output]));
  }
  const backwards = AXES.filter((output) => sign[output] < 0).map((output) => axis[output] + 1);
  view = replaced(view, view.flip(backwards));
  return replaced(view, view.permute([0, ...axis.map((input) => input + 1)]));
}

function replaced(before: Tensor, after: Tensor): Tensor {
  before.dispose();
  return after;
}
