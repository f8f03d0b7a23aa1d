import { setTimeout as delay } from 'node:timers/promises';
import { SextantError } from '#errors';
import { HealthCheckResponse_ServingStatus, HealthDefinition } from '#proto/grpc/health/v1/health';
import type { AnnotateEvent } from '#proto/sextant/v1/annotation';
import { InferenceServiceDefinition, type RunAnnotationRequest } from '#proto/sextant/v1/inference';
import type { Model } from '#proto/sextant/v1/model';
import { createClient, type MadeCall, type openChannel, rechunked } from '#rpc';
import { HEALTH_RETRY_MS, LIST_MODELS_MS, START_PATIENCE_MS } from './limits.ts';
import { Readiness } from './readiness.ts';

export interface ClickOptions {
  /** The stored file's bytes. */
  readonly volume: () => AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal;
  /** Until the caller's deadline, which is passed on; undefined without one. */
  readonly leftMs: () => number | undefined;
}

/** The inference service as the gateway sees it. */
export interface Inference {
  listModels(call: { requestId: string; signal?: AbortSignal }): Promise<Model[]>;
  /**
   * The events of one click. While the service is being started the click waits, for a short time;
   * once it has begun, the end of the service is the end of the click. When the service cannot read
   * the store's folder and asks for the volume, the file's bytes are sent and the click is tried once
   * more.
   */
  annotate(request: RunAnnotationRequest, options: ClickOptions): AsyncIterable<AnnotateEvent>;
  /** What the service measures of itself, as Prometheus' text; soon, or not at all. */
  /** Tells whether the service serves, now and at every change, until the signal fires. */
  watchHealth(onChange: (serving: boolean) => void, signal: AbortSignal): Promise<void>;
}

export function openInference(
  channel: ReturnType<typeof openChannel>,
  onEnded: (call: MadeCall) => void,
): Inference {
  const client = createClient(InferenceServiceDefinition, channel, onEnded);
  const health = createClient(HealthDefinition, channel);
  const readiness = new Readiness();

  /** A connection that failed is told without its address: that is this machine's own matter. */
  function told(error: unknown): unknown {
    return isReason(error, 'SERVICE_UNAVAILABLE') ? readiness.unavailable(error) : error;
  }

  async function load(
    { volumeId, frame, requestId }: RunAnnotationRequest,
    options: ClickOptions,
  ): Promise<void> {
    async function* messages() {
      yield { part: { $case: 'header' as const, value: { volumeId, frame } } };
      for await (const value of rechunked(options.volume()))
        yield { part: { $case: 'chunk' as const, value } };
    }
    await client.loadVolume(messages(), callOptions(requestId, options));
  }

  async function* run(request: RunAnnotationRequest, options: ClickOptions & Begun) {
    const { onHeader } = options;
    const call = { ...callOptions(request.requestId, options), onHeader };
    for await (const { event } of client.runAnnotation(request, call)) {
      if (event !== undefined) yield event;
    }
  }

  /** One click on a service that may ask for the volume. */
  async function* click(request: RunAnnotationRequest, options: ClickOptions & Begun) {
    try {
      yield* run(request, options);
    } catch (error) {
      if (!isReason(error, 'VOLUME_NOT_RESIDENT')) throw error;
      await load(request, options);
      yield* run(request, options);
    }
  }

  return {
    async listModels({ requestId, signal }) {
      const options = { requestId, deadlineMs: LIST_MODELS_MS, ...(signal && { signal }) };
      try {
        return (await client.listLoadedModels({}, options)).models;
      } catch (error) {
        throw told(error);
      }
    },
    async *annotate(request, options) {
      const { signal } = options;
      const untilMs = performance.now() + START_PATIENCE_MS;
      for (;;) {
        await readiness.reached(untilMs - performance.now(), signal);
        let begun = false;
        const onHeader = () => {
          begun = true;
        };
        try {
          yield* click(request, { ...options, onHeader });
          return;
        } catch (error) {
          const gone = !begun && isReason(error, 'SERVICE_UNAVAILABLE');
          if (!gone || performance.now() >= untilMs) throw told(error);
        }
        // Gone a moment ago, and its health has not told yet.
        await delay(HEALTH_RETRY_MS, undefined, { signal }).catch(() => {});
      }
    },
    async watchHealth(onChange, signal) {
      const tell = (serving: boolean) => {
        readiness.set(serving);
        onChange(serving);
      };
      while (!signal.aborted) {
        try {
          for await (const { status } of health.watch({}, { signal })) {
            tell(status === HealthCheckResponse_ServingStatus.SERVING);
          }
        } catch {
          // Not there, or gone: the next round asks again.
        }
        if (signal.aborted) return;
        tell(false);
        await delay(HEALTH_RETRY_MS, undefined, { signal, ref: false }).catch(() => {});
      }
    },
  };
}

interface Begun {
  /** Called when the service has the click, long before its first event perhaps. */
  readonly onHeader: () => void;
}

function callOptions(requestId: string, { signal, leftMs }: ClickOptions) {
  const deadlineMs = leftMs();
  return { signal, requestId, ...(deadlineMs === undefined ? {} : { deadlineMs }) };
}

function isReason(error: unknown, reason: SextantError['reason']): error is SextantError {
  return error instanceof SextantError && error.reason === reason;
}
