import { SextantError } from '#errors';

/** The error for an address that somebody else listens on: it names the address and the flag. */
export function portTaken(taken: { address: string; flag: string; cause?: unknown }): SextantError {
  return new SextantError('PORT_TAKEN', {
    subject: taken.flag,
    got: `${taken.address}, which is taken by another process`,
    expected: 'a free one',
    remedy: `end the other process, or give ${taken.flag} another value`,
    cause: taken.cause,
  });
}
