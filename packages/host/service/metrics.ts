import { readdir } from 'node:fs/promises';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { watchEventLoop } from './event-loop-delay.ts';
import {
  type HistogramName,
  type LabelsOf,
  METRICS,
  type MetricDeclaration,
  type MetricName,
  type ReadName,
  type ServiceName,
} from './metrics-table.ts';

/** A value of a metric, with its labels. */
export interface Sample<K extends MetricName> {
  readonly labels?: LabelsOf<K>;
  readonly value: number;
}

export type ReadValues<K extends ReadName> = () =>
  | readonly Sample<K>[]
  | Promise<readonly Sample<K>[]>;

/** What a process measures of itself. */
export interface Metrics {
  /** Adds one duration. */
  observe<K extends HistogramName>(name: K, seconds: number, labels: LabelsOf<K>): void;
  /** Says where a metric's values are read at a scrape; when reading fails, the scrape has none. */
  read<K extends ReadName>(name: K, values: ReadValues<K>): void;
  /** All of it in Prometheus' text format, version 0.0.4. */
  text(): Promise<string>;
  close(): void;
}

/** What `text` is, for HTTP. */
export const METRICS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/**
 * Opens the metrics of a process: those of METRICS that it has, and of the process itself. prom-client's
 * own set is not taken: its delays of the event loop contain the timer's pace and begin anew at every
 * scrape, whoever asks, and it reads files while the loop waits.
 *
 * @example
 * const metrics = openMetrics('inference');
 * metrics.read('sextant_volume_cache_bytes', () => [{ value: cache.residentBytes }]);
 */
export function openMetrics(service: ServiceName): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  const histograms = new Map<string, Histogram>();
  for (const [name, declaration] of Object.entries(METRICS) as [string, MetricDeclaration][]) {
    if (declaration.type !== 'histogram' || !declaration.services.includes(service)) continue;
    histograms.set(name, histogram(name, declaration, registry));
  }
  const metrics: Omit<Metrics, 'close'> = {
    observe(name, seconds, labels) {
      histograms.get(name)?.observe(labels as Record<string, string>, seconds);
    },
    read: (name, values) => addRead(name, values, registry),
    text: () => registry.metrics(),
  };
  return { ...metrics, close: readProcess(metrics) };
}

function histogram(name: string, { help, labels, buckets }: MetricDeclaration, registry: Registry) {
  return new Histogram({
    name,
    help,
    labelNames: [...labels],
    buckets: [...(buckets ?? [])],
    registers: [registry],
  });
}

function addRead<K extends ReadName>(name: K, values: ReadValues<K>, registry: Registry): void {
  const { type, help, labels }: MetricDeclaration = METRICS[name];
  // With a label no value is told before one is set, nor after a reading that failed.
  const options = { name, help, labelNames: [...labels, 'service'], registers: [registry] };
  const samples = async () => values();
  const collected = {
    ...options,
    async collect(this: Gauge | Counter) {
      const read = await samples().catch(() => []);
      this.reset();
      for (const { value, labels = {} } of read) this.inc(labels, value);
    },
  };
  if (type === 'counter') new Counter(collected);
  else new Gauge(collected);
}

/** What stands for a process that does not answer. */
export function absentText(service: ServiceName): Promise<string> {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  addRead('sextant_service_up', () => [{ value: 0 }], registry);
  return registry.metrics();
}

/** @returns what ends it */
function readProcess(metrics: Pick<Metrics, 'read'>): () => void {
  const delay = watchEventLoop();
  metrics.read('nodejs_eventloop_delay_p50_seconds', () => [{ value: delay.read().p50 }]);
  metrics.read('nodejs_eventloop_delay_p99_seconds', () => [{ value: delay.read().p99 }]);
  metrics.read('nodejs_eventloop_delay_max_seconds', () => [{ value: delay.read().max }]);
  metrics.read('process_resident_memory_bytes', () => [{ value: process.memoryUsage.rss() }]);
  metrics.read('process_open_fds', async () => [{ value: await openFiles() }]);
  metrics.read('process_cpu_seconds_total', () => {
    const { user, system } = process.cpuUsage();
    return [{ value: (user + system) / 1e6 }];
  });
  metrics.read('process_start_time_seconds', () => [{ value: performance.timeOrigin / 1000 }]);
  metrics.read('sextant_service_up', () => [{ value: 1 }]);
  return () => delay.stop();
}

/** Without the one that the reading itself opens. */
async function openFiles(): Promise<number> {
  return (await readdir('/proc/self/fd')).length - 1;
}
