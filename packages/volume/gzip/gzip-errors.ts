import { SextantError } from '#errors';

export function truncated(cause?: unknown): SextantError {
  return new SextantError('VOLUME_TRUNCATED', {
    subject: 'gzip stream',
    got: 'an end in the middle of the compressed data',
    expected: 'a whole gzip file',
    remedy: 'copy or download the file again',
    cause,
  });
}

export function corrupt(got: string, cause?: unknown): SextantError {
  return new SextantError('VOLUME_CORRUPT', {
    subject: 'gzip stream',
    got,
    expected: 'valid compressed data with a matching checksum',
    remedy: 'copy or download the file again',
    cause,
  });
}
