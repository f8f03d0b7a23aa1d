import type { Vec3 } from '#geometry';

/** Finer than a microscope, coarser than a body. */
const [SMALLEST_MM, LARGEST_MM] = [1e-3, 1e3];

/** What `spacingOfNumbers` takes, in words. */
export const SPACING_EXPECTED = `one spacing or three, from ${SMALLEST_MM} to ${LARGEST_MM} mm`;

/** One spacing for all axes, or three; undefined for anything else. */
export function spacingOfNumbers(numbers: readonly number[]): Vec3 | undefined {
  const [x = 0, y = x, z = x] = numbers;
  const areSpacings = numbers.every((mm) => mm >= SMALLEST_MM && mm <= LARGEST_MM);
  return [1, 3].includes(numbers.length) && areSpacings ? [x, y, z] : undefined;
}
