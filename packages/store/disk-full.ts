import { constants } from 'node:os';
import { SextantError } from '#errors';

const { ENOSPC, EDQUOT } = constants.errno;

/** Whether `error` says that a disk has no room: Node tells it by name, LMDB by number. */
export function isDiskFull(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === 'ENOSPC' || code === 'EDQUOT' || code === ENOSPC || code === EDQUOT;
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
