import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const PAUSE_MS = 100;

/**
 * Waits until no other process holds the lock `file`, and holds it until this process ends. Node has no
 * flock(2): the file names its holder, and one whose holder is gone is taken over.
 */
export function holdLock(file) {
  mkdirSync(dirname(file), { recursive: true });
  for (let told = false; !tryCreate(file); ) {
    const holder = holderOf(file);
    if (holder !== undefined && !isRunning(holder)) {
      takeAway(file, holder);
      continue;
    }
    if (!told) console.log(`waiting for process ${holder ?? '?'}, which holds ${file}`);
    told = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  }
  process.on('exit', () => rmSync(file, { force: true }));
}

function tryCreate(file) {
  try {
    writeFileSync(file, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined while the file is being written, and when it has just gone. */
function holderOf(file) {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10) || undefined;
  } catch {
    return undefined;
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Of several that find a dead holder's file one gets it; who got a living one's gives it back. */
function takeAway(file, dead) {
  const mine = `${file}.${process.pid}`;
  try {
    renameSync(file, mine);
  } catch {
    return;
  }
  if (holderOf(mine) === dead) rmSync(mine);
  else renameSync(mine, file);
}
