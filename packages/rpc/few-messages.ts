import { setDefaultHighWaterMark } from 'node:stream';
import { STREAM_MESSAGES } from './limits.ts';

/**
 * Bounds what the gRPC library's streams hold: it makes them of objects without saying how many, and
 * Node's own 16 would be 16 MiB of chunks for each stream and each way. Beyond that both sides wait,
 * down to HTTP/2's flow control. The library takes no number, so it is the process's default for
 * streams of objects that is set.
 */
export function holdFewMessages(): void {
  setDefaultHighWaterMark(true, STREAM_MESSAGES);
}
