// Loaded into a process before its own code: answers 'delay' with what its event loop was late by.
import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 5;
const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
histogram.enable();
process.on('message', (message) => {
  if (message !== 'delay') return;
  const lateMs = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  process.send({ p99Ms: lateMs(histogram.percentile(99)), worstMs: lateMs(histogram.max) });
  histogram.reset();
});
process.channel?.unref();
