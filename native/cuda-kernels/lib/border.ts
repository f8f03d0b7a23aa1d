import { check } from './check.ts';

/**
 * What lies beyond the ends of an axis: the last voxel; the mirror image, whose first voxel is the last one
 * again (d c b a | a b c d | d c b a); or a given value. The order is that of ops/border.hpp.
 */
export const BORDERS = ['nearest', 'reflect', 'constant'] as const;

export type Border = (typeof BORDERS)[number];

/** The number that C++ knows it by. @throws SextantError ARGUMENT_INVALID */
export function borderCode(border: Border): number {
  check(BORDERS.includes(border), 'border', border, `one of ${BORDERS.join(', ')}`);
  return BORDERS.indexOf(border);
}
