import { statfs } from 'node:fs/promises';
import { constants } from 'node:os';
import { SextantError } from '#errors';
import { STORE_LIMITS } from './limits.ts';

const { ENOSPC, EDQUOT, EIO } = constants.errno;

/** Whether `error` says that a disk has no room: Node tells it by name, LMDB by number. */
export function isDiskFull(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === 'ENOSPC' || code === 'EDQUOT' || code === ENOSPC || code === EDQUOT;
}

/** Whether `error` may be LMDB's word for a write of which the disk took a part only. */
export function isCutShort(error: unknown): boolean {
  return ((error ?? {}) as { code?: unknown }).code === EIO;
}

/** Whether the disk of the file at `path` has no room for one commit of records. */
export async function hasNoRoom(path: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize < STORE_LIMITS.commitBytes;
}

/** The error for a write that found no room. */
export function diskFull(cause: unknown): SextantError {
  return new SextantError('STORE_FULL', {
    subject: 'data folder',
    got: 'no space left on its disk',
    expected: 'room for what is to be kept',
    remedy: 'make room on the disk of --data, then go on',
    cause,
  });
}
