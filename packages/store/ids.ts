import { randomBytes } from 'node:crypto';
import { SextantError } from '#errors';

const PRIVATE_ID = /^[0-9a-f]{32}$/;
const VOLUME_ID = /^[0-9a-f]{64}$/;

/** 128 random bits as 32 hexadecimal digits: who holds one has been given it. */
export function newPrivateId(): string {
  return randomBytes(16).toString('hex');
}

/** Whether `text` has the form of an upload's, a receipt's or a session's id. */
export function isPrivateId(text: string): boolean {
  return PRIVATE_ID.test(text);
}

/** Whether `text` has the form of a volume id, the SHA-256 of a file's bytes. */
export function isVolumeId(text: string): boolean {
  return VOLUME_ID.test(text);
}

/**
 * `volumeId` itself, proven to be 64 lower-case hexadecimal digits and so no way out of a folder.
 * Throws `VOLUME_UNKNOWN`.
 */
export function checkVolumeId(volumeId: string): string {
  if (isVolumeId(volumeId)) return volumeId;
  throw new SextantError('VOLUME_UNKNOWN', {
    subject: 'volume id',
    got: `${volumeId.length} characters of another form`,
    expected: '64 lower-case hexadecimal digits',
  });
}
