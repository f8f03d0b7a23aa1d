import { randomUUID } from 'node:crypto';
import { constants, type ServerHttp2Stream } from 'node:http2';
import {
  Metadata,
  type ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  status,
} from '@grpc/grpc-js';
import { SextantError } from '#errors';
import { REQUEST_ID_KEY } from './calls.ts';
import {
  CALLS_LIMIT,
  CALLS_RETRY_MS,
  CUT_GRACE_MS,
  MESSAGE_BYTES,
  METADATA_BYTES,
  REQUEST_ID,
} from './limits.ts';
import { DETAILS_TRAILER, toWireStatus } from './status.ts';
import { streamOf } from './stream-watch.ts';

/**
 * Refuses a call before its handler hears of it: beyond `CALLS_LIMIT` at once, or with more metadata
 * than `METADATA_BYTES`. What the library refuses by itself (a message that is too long, bytes that
 * are no message) gets a reason and details as every other refusal has them.
 *
 * To be the first of a server's interceptors. The library sends its own refusals past all of them, by
 * `sendStatus` of the innermost call, so that call itself is changed, and given back.
 */
export function callLimits(): ServerInterceptor {
  let open = 0;
  return (_method, call) => {
    let requestId: string = randomUUID();
    open += 1;
    endWithAnswer(streamOf(call));
    const send = call.sendStatus.bind(call);
    call.sendStatus = (sent) => send(explained(sent, requestId));
    const start = call.start.bind(call);
    call.start = (listener) =>
      start({
        ...forwarding(listener),
        onReceiveMetadata(metadata) {
          requestId = requestIdIn(metadata) ?? requestId;
          const refusal = open > CALLS_LIMIT ? tooManyCalls() : metadataRefusal(metadata);
          if (refusal === undefined) listener.onReceiveMetadata(metadata);
          else send(wireStatus(refusal, requestId));
        },
        // Comes once for every call, however it ends.
        onCancel() {
          open -= 1;
          listener.onCancel();
        },
      });
    // What is given back need not be of the class: the library calls it by the interface.
    return call as ServerInterceptingCall;
  };
}

type Listener = Parameters<ServerInterceptingCallInterface['start']>[0];
type SentStatus = Parameters<ServerInterceptingCallInterface['sendStatus']>[0];

/**
 * A call is over when its answer is: a client that leaves its own side open keeps a stream no longer
 * than it takes to read the answer.
 */
function endWithAnswer(stream: ServerHttp2Stream): void {
  stream.once('finish', () => {
    if (stream.readableEnded || stream.closed) return;
    const close = setTimeout(() => stream.close(constants.NGHTTP2_NO_ERROR), CUT_GRACE_MS);
    stream.once('close', () => clearTimeout(close));
  });
}

function forwarding(listener: Listener): Omit<Listener, 'onReceiveMetadata' | 'onCancel'> {
  return {
    onReceiveMessage: (message) => listener.onReceiveMessage(message),
    onReceiveHalfClose: () => listener.onReceiveHalfClose(),
  };
}

function requestIdIn(metadata: Metadata): string | undefined {
  const [given] = metadata.get(REQUEST_ID_KEY);
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : undefined;
}

function explained(sent: SentStatus, requestId: string): SentStatus {
  const isOurs = (sent.metadata?.get(DETAILS_TRAILER).length ?? 0) > 0;
  const refusal = isOurs ? undefined : libraryRefusal(sent);
  return refusal === undefined ? sent : wireStatus(refusal, requestId);
}

function libraryRefusal({ code, details }: SentStatus): SextantError | undefined {
  if (code === status.RESOURCE_EXHAUSTED) {
    return new SextantError('LIMIT_EXCEEDED', {
      subject: 'message',
      got: details,
      expected: `at most ${MESSAGE_BYTES} bytes`,
      remedy: 'send a file in chunks of 1 MiB or less',
    });
  }
  if (code === status.INTERNAL && UNREADABLE.has(details)) {
    return new SextantError('ARGUMENT_INVALID', {
      subject: 'message',
      got: 'bytes that are none',
      expected: 'what the contract says for this method',
    });
  }
  return undefined;
}

/** What the library says of a message that it cannot take apart. */
const UNREADABLE = new Set(['Error deserializing request', 'Failed to decompress message']);

function metadataRefusal(metadata: Metadata): SextantError | undefined {
  const bytes = Object.entries(metadata.toHttp2Headers())
    .flatMap(([key, values]) => [values].flat().map((value) => key.length + `${value}`.length))
    .reduce((sum, length) => sum + length, 0);
  if (bytes <= METADATA_BYTES) return undefined;
  return new SextantError('LIMIT_EXCEEDED', {
    subject: 'metadata',
    got: `${bytes} bytes`,
    expected: `at most ${METADATA_BYTES} bytes`,
  });
}

function tooManyCalls(): SextantError {
  return new SextantError('LIMIT_EXCEEDED', {
    subject: 'server',
    got: `${CALLS_LIMIT} calls at once`,
    expected: 'fewer',
    retryAfterMs: CALLS_RETRY_MS,
  });
}

function wireStatus(error: SextantError, requestId: string): SentStatus {
  const wire = toWireStatus(error, requestId);
  const metadata = new Metadata();
  metadata.set(DETAILS_TRAILER, Buffer.from(wire.details));
  return { code: wire.code, details: wire.message, metadata };
}
