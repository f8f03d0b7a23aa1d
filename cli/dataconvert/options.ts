import { SextantError } from '#errors';
import type { Vec3 } from '#geometry';

/** Throws CONFIG_INVALID when the flag was not given. */
export function required(value: string | undefined, flag: '-d' | '-o'): string {
  if (value !== undefined) return value;
  throw new SextantError('CONFIG_INVALID', {
    subject: flag,
    got: 'nothing',
    expected: flag === '-d' ? 'the folder with the images' : 'the folder to write to',
    remedy: 'sextant dataconvert -d DIR -o DIR; --help shows examples',
  });
}

/** Finer than a microscope, coarser than a body. */
const [SMALLEST_MM, LARGEST_MM] = [1e-3, 1e3];

/**
 * One spacing for all axes, or three: "1", "0.8,0.8,2", or `-r 0.8 0.8 2`, of which the words behind the
 * first come as operands. Throws CONFIG_INVALID.
 */
export function resolutionOf(
  text: string | undefined,
  operands: readonly string[],
): Vec3 | undefined {
  if (text === undefined && operands.length === 0) return undefined;
  const words = [...(text ?? '').split(/[\s,x]+/), ...operands].filter((word) => word !== '');
  const numbers = words.map(Number);
  const isSpacing = (mm: number) => mm >= SMALLEST_MM && mm <= LARGEST_MM;
  const [x = 0, y = x, z = x] = numbers;
  if (text !== undefined && [1, 3].includes(numbers.length) && numbers.every(isSpacing)) {
    return [x, y, z];
  }
  throw new SextantError('CONFIG_INVALID', {
    subject: text === undefined ? 'command line' : '-r',
    got: JSON.stringify([text, ...operands].filter((word) => word !== undefined).join(' ')),
    expected: `one spacing or three, from ${SMALLEST_MM} to ${LARGEST_MM} mm`,
    remedy: 'for instance -r 1, or -r 0.8,0.8,2',
  });
}
