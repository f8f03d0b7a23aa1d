import { SextantError } from '#errors';
import {
  ConversionServiceDefinition,
  type ConvertedVolume,
  type ConvertRequest,
  type ConvertResponse,
} from '#proto/sextant/v1/conversion';
import { createClient, type MadeCall, type openChannel } from '#rpc';
import { CONVERSION_RETRY_MS } from './limits.ts';

export interface ConvertCall {
  readonly requestId: string;
  readonly signal: AbortSignal;
  /** Until the caller's deadline; undefined without one. */
  readonly leftMs?: () => number | undefined;
}

/** The conversion service as the gateway sees it. */
export interface Conversion {
  convert(
    requests: AsyncIterable<ConvertRequest>,
    call: ConvertCall,
  ): AsyncIterable<ConvertResponse>;
}

export function openConversion(
  channel: ReturnType<typeof openChannel>,
  onEnded: (call: MadeCall) => void,
): Conversion {
  const client = createClient(ConversionServiceDefinition, channel, onEnded);
  return {
    async *convert(requests, { requestId, signal, leftMs }) {
      const deadlineMs = leftMs?.();
      const options = { requestId, signal, ...(deadlineMs === undefined ? {} : { deadlineMs }) };
      try {
        yield* client.convert(requests, options);
      } catch (error) {
        throw told(error);
      }
    },
  };
}

/** A connection that failed is told without its address: that is this machine's own matter. */
function told(error: unknown): unknown {
  if (!(error instanceof SextantError) || error.reason !== 'SERVICE_UNAVAILABLE') return error;
  return new SextantError('SERVICE_UNAVAILABLE', {
    subject: 'conversion service',
    got: 'no answer',
    expected: 'the service to run',
    remedy: 'try again in a moment',
    retryAfterMs: CONVERSION_RETRY_MS,
    cause: error,
  });
}

/** A volume of the answer with the chunks of its files, to be read before the next is asked for. */
export interface ArrivingVolume {
  readonly volume: ConvertedVolume;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Takes a conversion's answer apart: its volumes one by one, and what comes between them as it is. */
export async function* arrivingVolumes(
  responses: AsyncIterable<ConvertResponse>,
): AsyncGenerator<ArrivingVolume | ConvertResponse, void> {
  const iterator = responses[Symbol.asyncIterator]();
  let ahead = await iterator.next();
  const chunks = async function* (): AsyncGenerator<Uint8Array, void> {
    for (ahead = await iterator.next(); !ahead.done; ahead = await iterator.next()) {
      const { event } = ahead.value;
      if (event?.$case !== 'chunk') return;
      yield event.value;
    }
  };
  try {
    while (!ahead.done) {
      const { event } = ahead.value;
      if (event?.$case !== 'volume') {
        yield ahead.value;
        ahead = await iterator.next();
        continue;
      }
      const own = chunks();
      yield { volume: event.value, chunks: own };
      for await (const _ of own);
    }
  } finally {
    await iterator.return?.();
  }
}
