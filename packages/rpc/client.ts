import { Channel, ChannelCredentials, connectivityState, status } from '@grpc/grpc-js';
import { type Client, type CompatServiceDefinition, createClientFactory } from 'nice-grpc';
import { ClientError, type ClientMiddleware, Metadata } from 'nice-grpc-common';
import { abortError, SextantError } from '#errors';
import { checkAddress } from './address.ts';
import { REQUEST_ID_KEY } from './calls.ts';
import { encodingChunksOnce } from './chunk-encoding.ts';
import { holdFewMessages } from './few-messages.ts';
import { grpcTimeout } from './grpc-timeout.ts';
import { MESSAGE_BYTES, STREAM_IDLE_MS, STREAM_WINDOW_BYTES } from './limits.ts';
import { DETAILS_TRAILER, fromWireStatus } from './status.ts';

/** What a call may be told, besides nice-grpc's own options (`signal`, `metadata`). */
export interface ClientCallOptions {
  /** The call ends with DEADLINE_EXCEEDED when it takes longer. */
  deadlineMs?: number;
  /** Names the call in the server's log. */
  requestId?: string;
}

/** A call that this client made and that is over. */
export interface MadeCall {
  /** `sextant.v1.ModelService/ListModels`. */
  readonly method: string;
  /** Name of the gRPC status, the server's or this side's own. */
  readonly status: string;
  readonly milliseconds: number;
}

export type RpcClient<S extends CompatServiceDefinition> = Client<S, ClientCallOptions>;

/** A connection to `host:port` or `unix:/path`, opened at the first call and kept. */
export function openChannel(address: string, subject = 'address'): Channel {
  holdFewMessages();
  return new Channel(checkAddress(address, subject), ChannelCredentials.createInsecure(), {
    'grpc.max_receive_message_length': MESSAGE_BYTES,
    'grpc.max_send_message_length': MESSAGE_BYTES,
    // Masks come as fast as they are read, and no faster.
    'grpc-node.flow_control_window': STREAM_WINDOW_BYTES,
    // A server that went without a word answers no ping: its calls end.
    'grpc.keepalive_time_ms': STREAM_IDLE_MS / 2,
    'grpc.keepalive_timeout_ms': STREAM_IDLE_MS / 2,
    // A service that was started again is found within seconds, one of this machine sooner.
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': address.startsWith('unix:') ? 250 : 2000,
  });
}

/** Resolves when the server accepts calls; throws SERVICE_UNAVAILABLE after `timeoutMs`. */
export async function waitUntilConnected(channel: Channel, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const state = channel.getConnectivityState(true);
    if (state === connectivityState.READY) return;
    await new Promise<void>((resolve, reject) => {
      channel.watchConnectivityState(state, deadline, (cause) => {
        if (cause === undefined || cause === null) resolve();
        else reject(noServer(channel.getTarget(), timeoutMs, cause));
      });
    });
  }
}

/**
 * A client whose calls are promises and async iterables and whose failures are SextantErrors, the
 * same that the server threw.
 *
 * @example
 * const models = createClient(ModelServiceDefinition, openChannel('127.0.0.1:50051'));
 * const { model } = await models.getModel({ name: 'annotation_any' }, { deadlineMs: 1000 });
 */
export function createClient<S extends CompatServiceDefinition>(
  definition: S,
  channel: Channel,
  onEnded?: (call: MadeCall) => void,
): RpcClient<S> {
  const factory = createClientFactory().use(errorMiddleware);
  const counted = onEnded === undefined ? factory : factory.use(countingMiddleware(onEnded));
  return counted.create(encodingChunksOnce(definition), channel) as RpcClient<S>;
}

/** Beside the errors' middleware, on the outside of it. */
function countingMiddleware(
  onEnded: (call: MadeCall) => void,
): ClientMiddleware<object, ClientCallOptions> {
  return async function* (call, options) {
    const started = performance.now();
    // Who stops reading a stream has cancelled the call.
    let ended = 'CANCELLED';
    try {
      const result = yield* call.next(call.request, options);
      ended = 'OK';
      return result;
    } catch (thrown) {
      ended = thrown instanceof SextantError ? thrown.code : 'UNKNOWN';
      throw thrown;
    } finally {
      const milliseconds = performance.now() - started;
      onEnded({ method: call.method.path.slice(1), status: ended, milliseconds });
    }
  };
}

const errorMiddleware: ClientMiddleware<ClientCallOptions> = async function* (call, options) {
  const { deadlineMs, requestId, ...rest } = options;
  const { signal, done } = combined(rest.signal, deadlineMs);
  const metadata = Metadata(rest.metadata);
  if (requestId !== undefined) metadata.set(REQUEST_ID_KEY, requestId);
  if (deadlineMs !== undefined) metadata.set('grpc-timeout', grpcTimeout(deadlineMs));
  let details: Uint8Array | undefined;
  try {
    return yield* call.next(call.request, {
      ...rest,
      metadata,
      ...(signal === undefined ? {} : { signal }),
      onTrailer(trailer) {
        details = trailer.get(DETAILS_TRAILER);
        rest.onTrailer?.(trailer);
      },
    });
  } catch (thrown) {
    if (signal?.aborted) throw abortError(signal);
    if (!(thrown instanceof ClientError)) throw thrown;
    // The server's clock may be the first to say so.
    const late = thrown.code === status.DEADLINE_EXCEEDED && details === undefined;
    if (late && deadlineMs !== undefined) throw tooLate(deadlineMs);
    throw fromWireStatus(thrown.code, thrown.details, details);
  } finally {
    done();
  }
};

/**
 * Node fires a timer at once that is set to more: 25 days are as good as no deadline.
 * @internal
 */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function combined(signal: AbortSignal | undefined, deadlineMs: number | undefined) {
  if (deadlineMs === undefined) return { signal, done: () => {} };
  const deadline = new AbortController();
  const timerMs = Math.min(deadlineMs, LONGEST_TIMER_MS);
  const timer = setTimeout(() => deadline.abort(tooLate(deadlineMs)), timerMs);
  timer.unref();
  return {
    signal: signal === undefined ? deadline.signal : AbortSignal.any([signal, deadline.signal]),
    done: () => clearTimeout(timer),
  };
}

function tooLate(deadlineMs: number): SextantError {
  return new SextantError('DEADLINE_EXCEEDED', {
    subject: 'request',
    got: 'no answer in time',
    expected: `one within ${deadlineMs} ms`,
  });
}

function noServer(target: string, timeoutMs: number, cause: Error): SextantError {
  return new SextantError('SERVICE_UNAVAILABLE', {
    subject: target.replace(/^dns:/, ''),
    got: `no answer within ${timeoutMs} ms`,
    expected: 'a running server',
    remedy: 'start it with `sextant serve`, or give the address of another',
    cause,
  });
}
