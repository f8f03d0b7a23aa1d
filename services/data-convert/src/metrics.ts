import { type Metrics, openMetrics } from '#host/service';
import { type EndedCall, serverCallLabels } from '#rpc';

/** What has been done since the process began, and what is being done. */
export interface ConversionTally {
  running: number;
  converted: number;
  failed: number;
  receivedBytes: number;
}

/** What the conversion service measures of itself. */
export interface ConversionMetrics extends Pick<Metrics, 'text' | 'close'> {
  readonly tally: ConversionTally;
  countCall(call: EndedCall): void;
}

export function conversionMetrics(): ConversionMetrics {
  const metrics = openMetrics('data-convert');
  const tally = { running: 0, converted: 0, failed: 0, receivedBytes: 0 };
  metrics.read('sextant_conversions_running', () => [{ value: tally.running }]);
  metrics.read('sextant_conversion_volumes_total', () => [
    { labels: { outcome: 'converted' }, value: tally.converted },
    { labels: { outcome: 'failed' }, value: tally.failed },
  ]);
  metrics.read('sextant_conversion_received_bytes_total', () => [{ value: tally.receivedBytes }]);
  return {
    tally,
    text: metrics.text,
    close: metrics.close,
    countCall(call) {
      const seconds = call.milliseconds / 1000;
      metrics.observe('rpc_server_call_duration_seconds', seconds, serverCallLabels(call));
    },
  };
}
