import { SextantError } from '#errors';

/**
 * Refuses an argument of an operation.
 *
 * @throws SextantError ARGUMENT_INVALID unless `ok`
 */
export function check(ok: boolean, subject: string, got: unknown, expected: string): void {
  if (!ok) throw new SextantError('ARGUMENT_INVALID', { subject, got: String(got), expected });
}

/** @throws SextantError ARGUMENT_INVALID unless `index` is one of `count` */
export function checkIndex(subject: string, index: number, count: number): void {
  const inside = Number.isInteger(index) && index >= 0 && index < count;
  check(inside, subject, index, `a whole number in [0, ${count})`);
}
