import { SextantError } from '#errors';

/** A transfer syntax that is known by name, and not decoded here. */
export function unsupported(name: string, remedy?: string): SextantError {
  return new SextantError('TRANSFER_SYNTAX_UNSUPPORTED', {
    subject: 'pixel data',
    got: `transfer syntax ${name}`,
    expected: 'one that is decoded here',
    remedy: remedy ?? 'export the series uncompressed, or as JPEG 2000 or JPEG lossless',
  });
}
