import { SPACING_EXPECTED, spacingOfNumbers } from '#conversion';
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

/**
 * One spacing for all axes, or three: "1", "0.8,0.8,2", or `-r 0.8 0.8 2`, of which the words behind the
 * first come as operands. Throws CONFIG_INVALID.
 */
export function resolutionOf(
  text: string | undefined,
  operands: readonly string[],
): Vec3 | undefined {
  const extra = operands.find((word) => text === undefined || Number.isNaN(Number(word)));
  if (extra !== undefined) throw unexpected(extra);
  if (text === undefined) return undefined;
  const words = [...text.split(/[\s,x]+/), ...operands].filter((word) => word !== '');
  const spacing = spacingOfNumbers(words.map(Number));
  if (spacing !== undefined) return spacing;
  throw new SextantError('CONFIG_INVALID', {
    subject: '-r',
    got: JSON.stringify([text, ...operands].join(' ')),
    expected: SPACING_EXPECTED,
    remedy: 'for instance -r 1, or -r 0.8,0.8,2',
  });
}

function unexpected(word: string): SextantError {
  return new SextantError('CONFIG_INVALID', {
    subject: 'command line',
    got: `the word ${JSON.stringify(word)}`,
    expected: 'only flags and their values',
    remedy: 'a path with spaces needs quotes; --help shows examples',
  });
}
