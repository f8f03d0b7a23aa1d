import { check } from './check.ts';
import { DTYPE_NAMES, DTYPES, type Dtype, type Element, type TypedArray } from './dtype.ts';
import { elementCount } from './strides.ts';

/**
 * A batch of channels of volumes over time has six axes; the addon's views have room for eight.
 * @internal
 */
const MAX_RANK = 8;

/** Where a tensor's elements lie in its block. */
export interface Layout {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** In elements; may be negative. */
  readonly strides: readonly number[];
  /** The element with all indices 0, counted from the block's first. */
  readonly offset: number;
}

export function checkDtype(dtype: Dtype): void {
  check(DTYPE_NAMES.includes(dtype), 'dtype', dtype, `one of ${DTYPE_NAMES.join(', ')}`);
}

export function checkShape(shape: readonly number[]): void {
  const whole = shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0);
  const size = elementCount(shape.map((extent) => Math.max(1, extent)));
  const fits = whole && shape.length <= MAX_RANK && size * 8 <= Number.MAX_SAFE_INTEGER;
  const expected = `at most ${MAX_RANK} whole extents of 0 or more`;
  check(fits, 'shape', `[${shape.join(', ')}]`, expected);
}

/** Copies `data` to a dense block, element by element. */
export function fill(target: TypedArray, data: ArrayLike<Element>): void {
  const big = target instanceof BigUint64Array || target instanceof BigInt64Array;
  if (ArrayBuffer.isView(data) && data.constructor === target.constructor) {
    (target as Uint8Array).set(data as unknown as Uint8Array);
    return;
  }
  for (let n = 0; n < target.length; n++) {
    const element = data[n] as Element;
    target[n] = (big ? BigInt(element) : Number(element)) as never;
  }
}

/** A copy of the elements of a block that lie as `layout` says, the last axis fastest. */
export function copyInCOrder(
  buffer: ArrayBuffer,
  { dtype, shape, strides, offset: first }: Layout,
): TypedArray {
  const { array, bytes } = DTYPES[dtype];
  const source = array(buffer, 0, Math.floor(buffer.byteLength / bytes));
  const count = elementCount(shape);
  const result = array(new ArrayBuffer(count * bytes), 0, count);
  const index = shape.map(() => 0);
  let offset = first;
  for (let n = 0; n < count; n++) {
    result[n] = source[offset] as never;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      offset += at(strides, axis);
      index[axis] = at(index, axis) + 1;
      if (at(index, axis) < at(shape, axis)) break;
      offset -= at(strides, axis) * at(shape, axis);
      index[axis] = 0;
    }
  }
  return result;
}

/** An element that is known to be there. */
export function at(numbers: readonly number[], index: number): number {
  return numbers[index] as number;
}
