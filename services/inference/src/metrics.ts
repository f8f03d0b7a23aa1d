import type { VolumeCache } from '#annotation';
import { type Metrics, openMetrics } from '#host/service';
import type { ModelPool } from '#models';
import type { StageTime } from '#proto/sextant/v1/annotation';
import { type EndedCall, serverCallLabels, stageName } from '#rpc';

/** What the inference service measures of itself. */
export interface InferenceMetrics extends Pick<Metrics, 'text' | 'close'> {
  countCall(call: EndedCall): void;
  /** Of a click that was answered; `model` is the name of a loaded one. */
  countStages(model: string, times: readonly StageTime[]): void;
}

/** `pool` is undefined while the models are being loaded. */
export function inferenceMetrics({
  pool,
  cache,
  cacheLimitBytes,
}: {
  pool: () => ModelPool | undefined;
  cache: VolumeCache;
  cacheLimitBytes: number;
}): InferenceMetrics {
  const metrics = openMetrics('inference');
  const models = () => pool()?.list() ?? [];
  metrics.read('sextant_volume_cache_bytes', () => [{ value: cache.residentBytes }]);
  metrics.read('sextant_volume_cache_limit_bytes', () => [{ value: cacheLimitBytes }]);
  metrics.read('sextant_queue_waiting_calls', () =>
    models().map(({ name, turns }) => ({ labels: { model: name }, value: turns.waiting })),
  );
  metrics.read('sextant_queue_running_calls', () =>
    models().map(({ name, turns }) => ({ labels: { model: name }, value: turns.running ? 1 : 0 })),
  );
  return {
    text: metrics.text,
    close: metrics.close,
    countCall(call) {
      const seconds = call.milliseconds / 1000;
      metrics.observe('rpc_server_call_duration_seconds', seconds, serverCallLabels(call));
    },
    countStages(model, times) {
      for (const { stage, milliseconds } of times) {
        const labels = { model, stage: stageName(stage) };
        metrics.observe('sextant_stage_duration_seconds', milliseconds / 1000, labels);
      }
    },
  };
}
