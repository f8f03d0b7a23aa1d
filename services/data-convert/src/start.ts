import { startDicomWorkers } from '#dicom';
import { announceReady, type ConvertSettings, sweepTemporaryFolders } from '#host';
import { type Logger, logCall, logCut, type Running } from '#host/service';
import { ConversionServiceDefinition } from '#proto/sextant/v1/conversion';
import { isLoopback, listeningAddress, startServer } from '#rpc';
import { conversionService } from './conversion-service.ts';

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
  const server = await startServer({
    ...listeningAddress(settings, { port: settings.convertPort, flag: '--convert-port' }),
    services: [ConversionServiceDefinition.fullName],
    add(target) {
      const service = conversionService({ workers, volumeLimitBytes: settings.volumeLimit });
      target.add(ConversionServiceDefinition, service);
    },
    serving: true,
    onFinished: (call) => logCall(log, call),
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
    },
    abandon: () => logCut(log, server.abandon()),
  };
}
