// Loaded into a process before its own code: every write to a file takes so much longer, as a disk
// that others keep busy does it.
import { open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const WRITE_MS = 30;
const handle = await open('/dev/null', 'w');
const prototype = Object.getPrototypeOf(handle);
await handle.close();
const { writev } = prototype;
prototype.writev = async function (...given) {
  await delay(WRITE_MS);
  return writev.apply(this, given);
};
