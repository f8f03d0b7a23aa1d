import { totalmem } from 'node:os';
import { startDicomWorkers } from '#dicom';
import { announceReady, type ConvertSettings, sweepTemporaryFolders } from '#host';
import { type Logger, logCall, logCut, type Running } from '#host/service';
import { ConversionServiceDefinition } from '#proto/sextant/v1/conversion';
import { MetricsServiceDefinition } from '#proto/sextant/v1/metrics';
import { isLoopback, listeningAddress, metricsService, startServer } from '#rpc';
import { conversionService } from './conversion-service.ts';
import { MEMORY_PART } from './limits.ts';
import { MemoryBudget } from './memory-budget.ts';
import { conversionMetrics } from './metrics.ts';

export interface DataConvert extends Running {
  /** 0 on a unix socket. */
  readonly grpcPort: number;
}

export async function startDataConvert(
  settings: ConvertSettings,
  log: Logger,
): Promise<DataConvert> {
  await sweepTemporaryFolders();
  const workers = startDicomWorkers();
  const metrics = conversionMetrics();
  const memory = new MemoryBudget(settings.conversionMemory ?? memoryPart());
  const server = await startServer({
    ...listeningAddress(settings, { port: settings.convertPort, flag: '--convert-port' }),
    services: [ConversionServiceDefinition.fullName, MetricsServiceDefinition.fullName],
    add(target) {
      const { tally } = metrics;
      const service = conversionService({
        workers,
        volumeLimitBytes: settings.volumeLimit,
        memory,
        tally,
      });
      target.add(ConversionServiceDefinition, service);
      target.add(MetricsServiceDefinition, metricsService(metrics));
    },
    serving: true,
    onFinished: (call) => logCall(log, call),
    onEnded: metrics.countCall,
    streamIdleMs: settings.streamIdleSeconds * 1000,
  });
  if (settings.socket === undefined && !isLoopback(settings.listen)) {
    log.warn(
      { listen: settings.listen },
      'other machines can reach this service, and there is no authentication yet',
    );
  }
  log.info({ grpcPort: server.port }, 'ready');
  announceReady({ type: 'ready', grpcPort: server.port });
  return {
    grpcPort: server.port,
    async drain() {
      await server.drain();
      await workers.close();
      metrics.close();
    },
    abandon: () => logCut(log, server.abandon()),
  };
}

/** Of the machine's memory, or of what its container may use. */
function memoryPart(): number {
  // 0 where nothing bounds the process.
  const bound = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  return Math.floor(MEMORY_PART * Math.min(totalmem(), bound));
}
