import { VolumeCache } from '#annotation';
import { announceReady, type InferenceSettings } from '#host';
import { type Logger, logCall, logCut, type Running } from '#host/service';
import { openEngine } from '#kernels';
import { loadModelPool, type ModelPool } from '#models';
import { InferenceServiceDefinition } from '#proto/sextant/v1/inference';
import { MetricsServiceDefinition } from '#proto/sextant/v1/metrics';
import { isLoopback, listeningAddress, metricsService, startServer } from '#rpc';
import { inferenceService } from './inference-service.ts';
import { inferenceMetrics } from './metrics.ts';
import { ResidentVolumes } from './resident-volumes.ts';

export interface Inference extends Running {
  /** 0 on a unix socket. */
  readonly grpcPort: number;
}

/** Listens first, so that health can say NOT_SERVING while the models are loaded. */
export async function startInference(settings: InferenceSettings, log: Logger): Promise<Inference> {
  const cache = new VolumeCache({ limitBytes: settings.cacheLimit });
  let pool: ModelPool | undefined;
  const metrics = inferenceMetrics({
    pool: () => pool,
    cache,
    cacheLimitBytes: settings.cacheLimit,
  });
  const server = await startServer({
    ...listeningAddress(settings, { port: settings.inferencePort, flag: '--inference-port' }),
    services: [InferenceServiceDefinition.fullName, MetricsServiceDefinition.fullName],
    add(target) {
      const volumes = new ResidentVolumes({
        cache,
        directory: settings.data,
        volumeLimitBytes: settings.volumeLimit,
      });
      const service = inferenceService({
        pool: () => pool,
        volumes,
        keepResults: settings.keepResults,
        metrics,
      });
      target.add(InferenceServiceDefinition, service);
      target.add(MetricsServiceDefinition, metricsService(metrics));
    },
    serving: false,
    onFinished: (call) => logCall(log, call),
    onEnded: metrics.countCall,
    streamIdleMs: settings.streamIdleSeconds * 1000,
  });
  if (settings.socket === undefined && !isLoopback(settings.listen)) {
    const { listen } = settings;
    log.warn(
      { listen },
      'other machines can reach this service, and there is no authentication yet',
    );
  }
  try {
    pool = await loadModels(settings, log);
  } catch (error) {
    server.abandon();
    metrics.close();
    throw error;
  }
  server.health.setServing(true);
  log.info({ grpcPort: server.port }, 'ready');
  announceReady({ type: 'ready', grpcPort: server.port });
  return {
    grpcPort: server.port,
    async drain() {
      await server.drain();
      metrics.close();
      cache.dispose();
      pool?.dispose();
    },
    abandon: () => logCut(log, server.abandon()),
  };
}

function loadModels(settings: InferenceSettings, log: Logger): Promise<ModelPool> {
  const { config, threads, onnxruntime, skipBrokenModels, device, strictEngine } = settings;
  const engine = openEngine({
    ...(onnxruntime === undefined ? {} : { library: onnxruntime }),
    ...(threads === 0 ? {} : { threads }),
  });
  const skipBroken = skipBrokenModels;
  return loadModelPool(config, { engine, skipBroken, device, strictEngine, log });
}
