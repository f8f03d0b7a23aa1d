import { setTimeout as delay } from 'node:timers/promises';
import { Channel, ChannelCredentials } from '@grpc/grpc-js';
import { SextantError } from '#errors';
import { AnnotationServiceDefinition } from '#proto/sextant/v1/annotation';
import { SessionServiceDefinition } from '#proto/sextant/v1/session';
import { VolumeServiceDefinition } from '#proto/sextant/v1/volume';
import { createClient } from '#rpc';
import type { Tally } from './tally.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;
/** A call that has not come through by then is a failure of the server. */
const PATIENCE_MS = 90_000;

export type Clients = ReturnType<typeof openClients>;

/** A client's own connection: channels of one process would share theirs. */
export function openClients(address: string) {
  const channel = new Channel(address, ChannelCredentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1000,
  });
  return {
    volumes: createClient(VolumeServiceDefinition, channel),
    sessions: createClient(SessionServiceDefinition, channel),
    annotations: createClient(AnnotationServiceDefinition, channel),
    close: () => channel.close(),
  };
}

/**
 * Whether a call may be made again: it was refused for now, or its connection was lost, which the
 * library tells as UNAVAILABLE or, for a stream that was open, as CANCELLED.
 */
export function isPassing(error: unknown): error is SextantError {
  if (!(error instanceof SextantError)) return false;
  if (error.retryAfterMs !== undefined) return true;
  return error.code === 'UNAVAILABLE' || error.code === 'CANCELLED';
}

/** Makes a call until it comes through, as a client should: when it is told, or ever more slowly. */
export async function tried<T>(tally: Tally, call: () => Promise<T>): Promise<T> {
  const untilMs = performance.now() + PATIENCE_MS;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
    try {
      return await call();
    } catch (error) {
      if (!isPassing(error) || performance.now() > untilMs) throw error;
      tally.retries += 1;
      await delay((error.retryAfterMs ?? pauseMs) + 20 * Math.random());
    }
  }
}
