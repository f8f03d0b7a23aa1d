import { REASONS, type Reason, SextantError } from '#errors';
import type { Refused } from './messages.ts';
import type { Failure } from './thread.ts';

/** Why a thread gave no answer about a file. */
export function failureOf(failure: Failure, name: string): SextantError {
  if (failure === 'closed') {
    return new SextantError('CANCELLED', {
      subject: name,
      got: 'the end of the threads that read it',
      expected: 'an answer first',
    });
  }
  if (failure === 'stalled') {
    return new SextantError('DECODER_STALLED', {
      subject: name,
      got: 'a file that cannot be read to its end in time',
      expected: 'one that is read in seconds',
      remedy: 'export it again; it is most likely broken',
    });
  }
  return new SextantError('VOLUME_CORRUPT', {
    subject: name,
    got: 'a file that ends its reader',
    expected: 'one that can be read',
    remedy: 'export it again',
  });
}

/** What a thread has refused, as an error of this one. */
export function refusal({ reason, subject, got, expected, remedy, name }: Refused): SextantError {
  return new SextantError(reason in REASONS ? (reason as Reason) : 'VOLUME_CORRUPT', {
    subject: name === undefined ? subject : `${name}: ${subject}`,
    got,
    expected,
    ...(remedy === undefined ? {} : { remedy }),
  });
}
