import type { Element } from '../../lib/dtype.ts';

/** The slow twin of maskedSelect(), of elements in C order. */
export function maskedSelectReference(
  values: ArrayLike<Element>,
  mask: ArrayLike<number>,
): Element[] {
  return Array.from(values).filter((_, n) => mask[n] !== 0);
}
