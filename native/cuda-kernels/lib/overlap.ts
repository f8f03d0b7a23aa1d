import { check } from './check.ts';
import { DTYPES } from './dtype.ts';
import { elementCount } from './strides.ts';
import { nativeTensor, type Tensor } from './tensor.ts';

/** Whether the memory between two views' outermost elements overlaps: views of one tensor can. */
export function spansOverlap(a: Tensor, b: Tensor): boolean {
  if (nativeTensor(a).storage !== nativeTensor(b).storage) return false;
  const [beginA, endA] = byteSpan(a);
  const [beginB, endB] = byteSpan(b);
  return beginA < endB && beginB < endA;
}

/** @throws SextantError ARGUMENT_INVALID for an output that shares memory with the input. */
export function checkApart(input: Tensor, output: Tensor): void {
  check(!spansOverlap(input, output), 'output', 'memory of the input', 'memory of its own');
}

/** Whether element by element both are the same memory. */
export function sameElements(a: Tensor, b: Tensor): boolean {
  const [one, other] = [nativeTensor(a), nativeTensor(b)];
  return (
    one.storage === other.storage &&
    one.offset === other.offset &&
    DTYPES[a.dtype].bytes === DTYPES[b.dtype].bytes &&
    a.shape.every((n, axis) => n <= 1 || one.strides[axis] === other.strides[axis])
  );
}

export function sameShape(a: Tensor, b: Tensor): boolean {
  return a.shape.length === b.shape.length && a.shape.every((n, axis) => n === b.shape[axis]);
}

function byteSpan(tensor: Tensor): [begin: number, end: number] {
  const { bytes } = DTYPES[tensor.dtype];
  const first = nativeTensor(tensor).offset;
  if (elementCount(tensor.shape) === 0) return [first * bytes, first * bytes];
  let [low, high] = [first, first + 1];
  tensor.shape.forEach((n, axis) => {
    const reach = (tensor.strides[axis] ?? 0) * (n - 1);
    if (reach < 0) low += reach;
    else high += reach;
  });
  return [low * bytes, high * bytes];
}
