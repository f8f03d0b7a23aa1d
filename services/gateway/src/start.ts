import { announceReady, type GatewaySettings } from '#host';
import { type Logger, logCall, logCut, type Running } from '#host/service';
import { AnnotationServiceDefinition } from '#proto/sextant/v1/annotation';
import { ConversionServiceDefinition } from '#proto/sextant/v1/conversion';
import { ModelServiceDefinition } from '#proto/sextant/v1/model';
import { SessionServiceDefinition } from '#proto/sextant/v1/session';
import { VolumeServiceDefinition } from '#proto/sextant/v1/volume';
import {
  assertPortFree,
  isLoopback,
  listeningAddress,
  openChannel,
  readMetrics,
  startServer,
} from '#rpc';
import { openStore } from '#store';
import { annotationService } from './annotation-service.ts';
import { openConversion } from './conversion.ts';
import { conversionService } from './conversion-service.ts';
import { startHttp } from './http.ts';
import { openInference } from './inference.ts';
import { READ_METRICS_MS } from './limits.ts';
import { gatewayMetrics } from './metrics.ts';
import { modelService } from './model-service.ts';
import { onceLeft } from './once-left.ts';
import { retentionOf } from './retention.ts';
import { sessionService } from './session-service.ts';
import { volumeService } from './volume-service.ts';

export interface Gateway extends Running {
  /** 0 on a unix socket. */
  readonly grpcPort: number;
  readonly httpPort: number;
}

/** Opens the store, then the doors. What was opened is closed again when a later step fails. */
export async function startGateway(settings: GatewaySettings, log: Logger): Promise<Gateway> {
  await assertPortsFree(settings);
  const channel = openChannel(settings.inference, '--inference');
  const metrics = gatewayMetrics();
  const inference = openInference(channel, metrics.madeCallsTo(settings.inference));
  const convertChannel = openChannel(settings.dataConvert, '--data-convert');
  const conversion = openConversion(convertChannel, metrics.madeCallsTo(settings.dataConvert));
  const deadline = { deadlineMs: READ_METRICS_MS };
  const scrape = () =>
    metrics.scrape({
      inference: () => readMetrics(channel, deadline),
      'data-convert': () => readMetrics(convertChannel, deadline),
    });
  const undo: (() => unknown)[] = [
    () => channel.close(),
    () => convertChannel.close(),
    () => metrics.close(),
  ];
  try {
    const store = await onceLeft(() =>
      openStore({
        directory: settings.data,
        limitBytes: settings.storeLimit,
        uploadsPerPeer: settings.uploadsPerPeer,
        sessionsPerPeer: settings.sessionsPerPeer,
        ...retentionOf(settings),
      }),
    );
    undo.unshift(() => store.close());
    metrics.readStore(store, settings);
    const grpc = await startServer({
      ...listeningAddress(settings, { port: settings.grpcPort, flag: '--grpc-port' }),
      services: [
        ModelServiceDefinition.fullName,
        VolumeServiceDefinition.fullName,
        SessionServiceDefinition.fullName,
        AnnotationServiceDefinition.fullName,
        ConversionServiceDefinition.fullName,
      ],
      add(server) {
        server.add(ModelServiceDefinition, modelService(inference));
        server.add(VolumeServiceDefinition, volumeService({ store, conversion }));
        server.add(SessionServiceDefinition, sessionService(store));
        server.add(AnnotationServiceDefinition, annotationService({ store, inference }));
        server.add(ConversionServiceDefinition, conversionService({ store, conversion }));
      },
      serving: false,
      onFinished: (call) => logCall(log, call),
      onEnded: metrics.countCall,
      streamIdleMs: settings.streamIdleSeconds * 1000,
    });
    undo.unshift(() => grpc.abandon());
    const { isServing } = grpc.health;
    const http = await startHttp({ settings, inference, metrics, scrape, isServing, log });
    const watch = new AbortController();
    void inference.watchHealth((serving) => grpc.health.setServing(serving), watch.signal);
    const ports = { grpcPort: grpc.port, httpPort: http.port };
    announce({ settings, ports, log });
    return {
      ...ports,
      async drain() {
        watch.abort();
        await Promise.all([grpc.drain(), http.drain()]);
        await store.close();
        channel.close();
        convertChannel.close();
        metrics.close();
      },
      abandon() {
        logCut(log, grpc.abandon());
        http.abandon();
      },
    };
  } catch (error) {
    for (const step of undo) await step();
    throw error;
  }
}

/** Looked at before the store: where a second server was started, the port says more than the lock. */
async function assertPortsFree({ socket, listen: host, grpcPort, httpPort }: GatewaySettings) {
  if (socket === undefined) await assertPortFree({ host, port: grpcPort, flag: '--grpc-port' });
  await assertPortFree({ host, port: httpPort, flag: '--http-port' });
}

function announce({
  settings: { listen },
  ports,
  log,
}: {
  settings: GatewaySettings;
  ports: { grpcPort: number; httpPort: number };
  log: Logger;
}): void {
  if (!isLoopback(listen)) {
    log.warn(
      { listen },
      'other machines can reach this server, and there is no authentication yet',
    );
  }
  log.info(ports, 'ready');
  announceReady({ type: 'ready', ...ports });
}
