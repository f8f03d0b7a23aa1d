import { DELAY_WINDOW_MS } from '../limits.ts';

/** The process that a metric is measured in; the label `service` of every sample, as in the log. */
export type ServiceName = 'gateway' | 'inference' | 'data-convert';

/** One thing that is measured, declared once: the text of `/metrics` and its page come from it. */
export interface MetricDeclaration {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly unit: string;
  readonly help: string;
  readonly services: readonly ServiceName[];
  /** Besides `service`. Values are of closed lists: never ids, never what a caller made up. */
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets, in the unit. */
  readonly buckets?: readonly number[];
  /** The name in OpenTelemetry's conventions that this one is the Prometheus spelling of. */
  readonly convention?: string;
}

const ALL = ['gateway', 'inference', 'data-convert'] as const;
const GATEWAY = ['gateway'] as const;
const INFERENCE = ['inference'] as const;
const DATA_CONVERT = ['data-convert'] as const;

/** The boundaries that OpenTelemetry's conventions advise for the durations of calls and requests. */
const CALL_SECONDS = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
] as const;

/** From a step of a small box to a large network on a busy machine. */
const STAGE_SECONDS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
] as const;

/**
 * Every metric of every process. Those of calls follow the RPC conventions of OpenTelemetry 1.45,
 * where `rpc.response.status_code` has become `rpc.status_code`.
 */
export const METRICS = {
  rpc_server_call_duration_seconds: {
    type: 'histogram',
    unit: 's',
    help: 'Duration of a gRPC call that came in, until its stream was closed; its count is the number of calls',
    services: ALL,
    labels: ['rpc_system_name', 'rpc_method', 'rpc_status_code', 'error_type'],
    buckets: CALL_SECONDS,
    convention: 'rpc.server.call.duration',
  },
  rpc_client_call_duration_seconds: {
    type: 'histogram',
    unit: 's',
    help: 'Duration of a gRPC call that the gateway made to a service behind it',
    services: GATEWAY,
    labels: [
      'rpc_system_name',
      'rpc_method',
      'rpc_status_code',
      'error_type',
      'server_address',
      'server_port',
    ],
    buckets: CALL_SECONDS,
    convention: 'rpc.client.call.duration',
  },
  http_server_request_duration_seconds: {
    type: 'histogram',
    unit: 's',
    help: 'Duration of an HTTP request that came in',
    services: GATEWAY,
    labels: [
      'http_request_method',
      'url_scheme',
      'http_route',
      'http_response_status_code',
      'error_type',
    ],
    buckets: CALL_SECONDS,
    convention: 'http.server.request.duration',
  },
  sextant_stage_duration_seconds: {
    type: 'histogram',
    unit: 's',
    help: 'Duration of one stage of a click that was answered',
    services: INFERENCE,
    labels: ['model', 'stage'],
    buckets: STAGE_SECONDS,
  },
  sextant_queue_waiting_calls: {
    type: 'gauge',
    unit: 'calls',
    help: "Clicks that wait for a model's network",
    services: INFERENCE,
    labels: ['model'],
  },
  sextant_queue_running_calls: {
    type: 'gauge',
    unit: 'calls',
    help: "Clicks whose turn on a model's network it is: 0 or 1",
    services: INFERENCE,
    labels: ['model'],
  },
  sextant_volume_cache_bytes: {
    type: 'gauge',
    unit: 'bytes',
    help: 'Decoded volumes that are resident, and those being decoded',
    services: INFERENCE,
    labels: [],
  },
  sextant_volume_cache_limit_bytes: {
    type: 'gauge',
    unit: 'bytes',
    help: 'What they may take together (`--cache-limit`)',
    services: INFERENCE,
    labels: [],
  },
  sextant_store_bytes: {
    type: 'gauge',
    unit: 'bytes',
    help: 'Volumes on disk (`state="stored"`), and what unfinished uploads were promised (`state="promised"`)',
    services: GATEWAY,
    labels: ['state'],
  },
  sextant_store_limit_bytes: {
    type: 'gauge',
    unit: 'bytes',
    help: 'What they may take together (`--store-limit`)',
    services: GATEWAY,
    labels: [],
  },
  sextant_store_unfinished_uploads: {
    type: 'gauge',
    unit: 'uploads',
    help: 'Uploads that were announced and are not complete',
    services: GATEWAY,
    labels: [],
  },
  sextant_store_sessions: {
    type: 'gauge',
    unit: 'sessions',
    help: 'Sessions that the store keeps, expired ones until they are swept',
    services: GATEWAY,
    labels: [],
  },
  sextant_conversions_running: {
    type: 'gauge',
    unit: 'calls',
    help: 'Conversions that run now',
    services: DATA_CONVERT,
    labels: [],
  },
  sextant_conversion_volumes_total: {
    type: 'counter',
    unit: 'volumes',
    help: 'Volumes that conversion made (`outcome="converted"`), and those that it could not (`outcome="failed"`)',
    services: DATA_CONVERT,
    labels: ['outcome'],
  },
  sextant_conversion_received_bytes_total: {
    type: 'counter',
    unit: 'bytes received',
    help: 'Bytes of files that were sent to be converted',
    services: DATA_CONVERT,
    labels: [],
  },
  sextant_service_up: {
    type: 'gauge',
    unit: '1',
    help: 'Whether this process answered the scrape: 0 for a service behind the gateway that is not there',
    services: ALL,
    labels: [],
  },
  nodejs_eventloop_delay_p50_seconds: {
    type: 'gauge',
    unit: 's',
    help: `How late the event loop came to its work, median of the last whole window of ${DELAY_WINDOW_MS / 1000} s`,
    services: ALL,
    labels: [],
    convention: 'nodejs.eventloop.delay.p50',
  },
  nodejs_eventloop_delay_p99_seconds: {
    type: 'gauge',
    unit: 's',
    help: 'Likewise, the 99th percentile',
    services: ALL,
    labels: [],
    convention: 'nodejs.eventloop.delay.p99',
  },
  nodejs_eventloop_delay_max_seconds: {
    type: 'gauge',
    unit: 's',
    help: 'Likewise, the longest, that of the window that has begun included',
    services: ALL,
    labels: [],
    convention: 'nodejs.eventloop.delay.max',
  },
  process_resident_memory_bytes: {
    type: 'gauge',
    unit: 'bytes',
    help: 'Resident memory of the process',
    services: ALL,
    labels: [],
  },
  process_open_fds: {
    type: 'gauge',
    unit: 'files',
    help: 'File descriptors that the process has open',
    services: ALL,
    labels: [],
  },
  process_cpu_seconds_total: {
    type: 'counter',
    unit: 's',
    help: 'Processor time that the process has used, of all its threads',
    services: ALL,
    labels: [],
  },
  process_start_time_seconds: {
    type: 'gauge',
    unit: 's since 1970',
    help: 'When the process began: a change is a restart',
    services: ALL,
    labels: [],
  },
} as const satisfies Record<string, MetricDeclaration>;

export type MetricName = keyof typeof METRICS;

type NameOf<T extends MetricDeclaration['type']> = {
  [K in MetricName]: (typeof METRICS)[K]['type'] extends T ? K : never;
}[MetricName];

export type HistogramName = NameOf<'histogram'>;
/** Read at a scrape. */
export type ReadName = NameOf<'gauge' | 'counter'>;

/** Values of a metric's labels. */
export type LabelsOf<K extends MetricName> = Partial<
  Record<(typeof METRICS)[K]['labels'][number], string>
>;
