import { check } from './check.ts';

/**
 * A nanometre and a kilometre: beyond them squared distances in float32 lose what they measure.
 * @internal
 */
const SPACING_RANGE = [1e-6, 1e6] as const;

/** @throws SextantError ARGUMENT_INVALID unless it is three lengths in mm between a nanometre and a kilometre */
export function checkSpacing(spacing: readonly number[]): void {
  const [least, most] = SPACING_RANGE;
  const fits = spacing.length === 3 && spacing.every((mm) => mm >= least && mm <= most);
  const expected = `3 numbers between ${least} and ${most}`;
  check(fits, 'spacing', `[${spacing.join(', ')}]`, expected);
}
