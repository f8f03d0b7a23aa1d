import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { SextantError } from '#errors';
import { FILE_MODE, unwritableData } from './layout.ts';

/** Holds a store's folder for one writing process. */
export interface StoreLock {
  release(): void;
}

/**
 * Locks `path` for this process, or throws `STORE_BUSY`, `FILE_UNWRITABLE`.
 *
 * Node has no flock(2), the program `flock` has: a lock belongs to the open file, which the program
 * inherits from us, so it locks, ends, and the lock stays ours until this process closes the file
 * or dies in whatever way. No stale lock is left to be guessed at, and two containers that share a
 * folder see each other.
 */
export function lockStore(path: string, directory: string): StoreLock {
  const file = openLock(path, directory);
  try {
    const inherited = 3;
    const flock = spawnSync('flock', ['-x', '-n', String(inherited)], {
      stdio: ['ignore', 'ignore', 'ignore', file],
    });
    if (flock.error) throw lockProgramMissing(flock.error);
    if (flock.status !== 0) throw busy(path, directory);
    ftruncateSync(file);
    writeSync(file, `${process.pid}\n`);
  } catch (error) {
    closeSync(file);
    throw error;
  }
  let held = true;
  return {
    release() {
      if (held) closeSync(file);
      held = false;
    },
  };
}

function openLock(path: string, directory: string): number {
  try {
    return openSync(path, 'a+', FILE_MODE);
  } catch (cause) {
    throw unwritableData(directory, cause);
  }
}

function busy(path: string, directory: string): SextantError {
  const holder = readFileSync(path, 'utf8').trim();
  return new SextantError('STORE_BUSY', {
    subject: `data folder ${directory}`,
    got: holder === '' ? 'one that another process holds' : `one that process ${holder} holds`,
    expected: 'a folder that no other process writes to',
    remedy: 'stop that process, or give this one a folder of its own with --data',
  });
}

function lockProgramMissing(cause: Error): SextantError {
  return new SextantError('FILE_UNREADABLE', {
    subject: 'program flock',
    got: cause.message,
    expected: 'flock of the package util-linux in PATH',
    remedy: 'apt-get install util-linux',
    cause,
  });
}
