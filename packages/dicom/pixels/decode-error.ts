import { SextantError } from '#errors';

/** A frame's bytes are not what the header says; `name` is the file's. */
export function corruptFrame(what: string, expected: string, cause?: unknown): SextantError {
  return new SextantError('VOLUME_CORRUPT', {
    subject: 'pixel data',
    got: what,
    expected,
    remedy: 'copy or export the file again',
    cause,
  });
}
