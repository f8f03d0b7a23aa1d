// What only a process that stays needs. A command that ends in milliseconds does not load it.
export { type EventLoopDelay, watchEventLoop } from './event-loop-delay.ts';
export { type CallRecord, type Logger, logCall, logCut, openLog } from './log.ts';
export { mergeMetrics } from './merge-metrics.ts';
export { absentText, METRICS_TYPE, type Metrics, openMetrics, type Sample } from './metrics.ts';
export { METRICS, type MetricDeclaration, type ServiceName } from './metrics-table.ts';
export { type Running, runService } from './run-service.ts';
