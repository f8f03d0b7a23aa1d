import { setTimeout as delay } from 'node:timers/promises';
import { SextantError } from '#errors';
import { HealthCheckResponse_ServingStatus, HealthDefinition } from '#proto/grpc/health/v1/health';
import type { AnnotateEvent } from '#proto/sextant/v1/annotation';
import { InferenceServiceDefinition, type RunAnnotationRequest } from '#proto/sextant/v1/inference';
import type { Model } from '#proto/sextant/v1/model';
import { createClient, type openChannel, rechunked } from '#rpc';
import { HEALTH_RETRY_MS, LIST_MODELS_MS, RETRY_AFTER_MS } from './limits.ts';

/** The inference service as the gateway sees it. */
export interface Inference {
  listModels(call: { requestId: string; signal?: AbortSignal }): Promise<Model[]>;
  /**
   * The events of one click. When the service cannot read the store's folder and asks for the
   * volume, the file's bytes are sent and the click is tried once more.
   */
  annotate(
    request: RunAnnotationRequest,
    options: { volume: () => AsyncIterable<Uint8Array>; signal: AbortSignal },
  ): AsyncIterable<AnnotateEvent>;
  /** Tells whether the service serves, now and at every change, until the signal fires. */
  watchHealth(onChange: (serving: boolean) => void, signal: AbortSignal): Promise<void>;
}

export function openInference(channel: ReturnType<typeof openChannel>): Inference {
  const client = createClient(InferenceServiceDefinition, channel);
  const health = createClient(HealthDefinition, channel);

  async function load(
    { volumeId, frame, requestId }: RunAnnotationRequest,
    chunks: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<void> {
    async function* messages() {
      yield { part: { $case: 'header' as const, value: { volumeId, frame } } };
      for await (const value of rechunked(chunks))
        yield { part: { $case: 'chunk' as const, value } };
    }
    await client.loadVolume(messages(), { signal, requestId });
  }

  async function* run(request: RunAnnotationRequest, signal: AbortSignal) {
    const { requestId } = request;
    for await (const { event } of client.runAnnotation(request, { signal, requestId })) {
      if (event !== undefined) yield event;
    }
  }

  return {
    async listModels({ requestId, signal }) {
      const options = { requestId, deadlineMs: LIST_MODELS_MS, ...(signal && { signal }) };
      const { models } = await client.listLoadedModels({}, options).catch(rethrow);
      return models;
    },
    async *annotate(request, { volume, signal }) {
      try {
        yield* run(request, signal);
        return;
      } catch (error) {
        if (!isReason(error, 'VOLUME_NOT_RESIDENT')) return rethrow(error);
      }
      try {
        await load(request, volume(), signal);
        yield* run(request, signal);
      } catch (error) {
        rethrow(error);
      }
    },
    async watchHealth(onChange, signal) {
      while (!signal.aborted) {
        try {
          for await (const { status } of health.watch({}, { signal })) {
            onChange(status === HealthCheckResponse_ServingStatus.SERVING);
          }
        } catch {
          // Not there, or gone: the next round asks again.
        }
        if (signal.aborted) return;
        onChange(false);
        await delay(HEALTH_RETRY_MS, undefined, { signal, ref: false }).catch(() => {});
      }
    },
  };
}

/** A connection that failed is told without its address: that is this machine's own matter. */
function rethrow(error: unknown): never {
  if (!isReason(error, 'SERVICE_UNAVAILABLE')) throw error;
  throw new SextantError('SERVICE_UNAVAILABLE', {
    subject: 'inference service',
    got: 'no answer',
    expected: 'a running service with its models loaded',
    remedy: 'try again in a moment; it may be starting',
    retryAfterMs: RETRY_AFTER_MS,
    cause: error,
  });
}

function isReason(error: unknown, reason: SextantError['reason']): error is SextantError {
  return error instanceof SextantError && error.reason === reason;
}
