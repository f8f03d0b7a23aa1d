import {
  MetricsServiceDefinition,
  type MetricsServiceImplementation,
} from '#proto/sextant/v1/metrics';
import type { CallInfo } from './calls.ts';
import { createClient, type openChannel } from './client.ts';

/** Answers with a process's own metrics, in Prometheus' text format. */
export function metricsService(metrics: {
  text(): Promise<string>;
}): MetricsServiceImplementation<CallInfo> {
  return {
    async readMetrics(_request, { isRoutine }) {
      isRoutine();
      return { text: await metrics.text() };
    },
  };
}

/**
 * What a process behind the gateway measures of itself.
 *
 * @throws SextantError SERVICE_UNAVAILABLE, DEADLINE_EXCEEDED
 */
export async function readMetrics(
  channel: ReturnType<typeof openChannel>,
  { deadlineMs }: { deadlineMs: number },
): Promise<string> {
  const { text } = await createClient(MetricsServiceDefinition, channel).readMetrics(
    {},
    { deadlineMs },
  );
  return text;
}
