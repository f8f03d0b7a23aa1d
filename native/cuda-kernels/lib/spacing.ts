import { check } from './check.ts';

/**
 * A nanometre in millimetres: below it squared distances in float32 lose what they measure.
 * @internal
 */
const SMALLEST_SPACING_MM = 1 / 1_000_000;

/**
 * A kilometre in millimetres: beyond it they do so too.
 * @internal
 */
const LARGEST_SPACING_MM = 1_000_000;

/** @throws SextantError ARGUMENT_INVALID unless it is three lengths in mm between a nanometre and a kilometre */
export function checkSpacing(spacing: readonly number[]): void {
  const fits =
    spacing.length === 3 &&
    spacing.every((mm) => mm >= SMALLEST_SPACING_MM && mm <= LARGEST_SPACING_MM);
  const expected = `3 numbers between ${SMALLEST_SPACING_MM} and ${LARGEST_SPACING_MM}`;
  check(fits, 'spacing', `[${spacing.join(', ')}]`, expected);
}
