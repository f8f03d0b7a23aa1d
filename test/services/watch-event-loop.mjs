// Preloaded into a process by NODE_OPTIONS=--import=…: on SIGUSR2 it writes how late the event loop came
// since the last time, in milliseconds, to $LOOP_DELAYS/<pid>-<n>.json, and begins anew.
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 5;

const folder = process.env.LOOP_DELAYS;
if (folder !== undefined) {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  let written = 0;
  process.on('SIGUSR2', () => {
    // What is measured is the time from tick to tick, of which the timer's own pace is no delay.
    const late = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
    const told = {
      p50: late(delays.percentile(50)),
      p99: late(delays.percentile(99)),
      max: late(delays.max),
    };
    delays.reset();
    written += 1;
    const path = join(folder, `${process.pid}-${written}.json`);
    writeFileSync(`${path}.part`, JSON.stringify(told));
    renameSync(`${path}.part`, path);
  });
}
