/** Which axis is fastest in a dense tensor: the last (C, networks) or the first (F, image files). */
export type Order = 'C' | 'F';

/** Strides in elements of a dense tensor. */
export function denseStrides(shape: readonly number[], order: Order): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  let step = 1;
  for (let n = 0; n < shape.length; n++) {
    const axis = order === 'F' ? n : shape.length - 1 - n;
    strides[axis] = step;
    step *= shape[axis] ?? 1;
  }
  return strides;
}

export const elementCount = (shape: readonly number[]): number =>
  shape.reduce((product, extent) => product * extent, 1);

/** Whether the elements lie without gaps in that order; axes of extent 1 may have any stride. */
export function isDense(
  shape: readonly number[],
  strides: readonly number[],
  order: Order,
): boolean {
  if (elementCount(shape) === 0) return true;
  const dense = denseStrides(shape, order);
  return shape.every((extent, axis) => extent === 1 || strides[axis] === dense[axis]);
}
