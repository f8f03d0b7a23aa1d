import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import pino from 'pino';
import { AnnotationServiceDefinition } from '#proto/sextant/v1/annotation';
import { ConversionServiceDefinition } from '#proto/sextant/v1/conversion';
import { ModelServiceDefinition } from '#proto/sextant/v1/model';
import { SessionServiceDefinition } from '#proto/sextant/v1/session';
import {
  type UploadVolumeRequest,
  type UploadVolumeResponse,
  VolumeServiceDefinition,
} from '#proto/sextant/v1/volume';
import { chunksOf, createClient, openChannel } from '#rpc';
import { startDataConvert } from '../../services/data-convert/src/start.ts';
import { startGateway } from '../../services/gateway/src/start.ts';
import { startInference } from '../../services/inference/src/start.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The sample image, its clicks and the pool that is shipped. */
export const POOL = join(ROOT, 'models/engine_pool.json');
export const SAMPLE = readFileSync(join(ROOT, 'samples/hippocampus/image.nii.gz'));
export const CLICKS = (
  JSON.parse(readFileSync(join(ROOT, 'samples/hippocampus/points.json'), 'utf8')) as {
    points: [number, number, number][];
  }
).points.map(([x, y, z]) => ({ x, y, z }));

export type Services = Awaited<ReturnType<typeof startServices>>;

/** A line of a service's log. */
export type LogLine = Record<string, unknown> & { service: string; msg: string };

const GIB = 1024 ** 3;

/**
 * Gateway and inference with real servers on free ports and a store of their own, in this process:
 * a blocked event loop in one of them is everybody's, so the tests would notice.
 */
export async function startServices({
  config = POOL,
  sharedFolder = true,
  volumeLimit = 4 * GIB,
  conversionMemory,
  storeLimit = GIB,
  sessionHours = 24,
  streamIdleSeconds = 60,
  uploadsPerPeer = 256,
  sessionsPerPeer = 10_000,
  listen = '127.0.0.1',
}: {
  config?: string;
  /** Whether inference can read the store's folder, or must be sent the volumes. */
  sharedFolder?: boolean;
  volumeLimit?: number;
  conversionMemory?: number;
  storeLimit?: number;
  sessionHours?: number;
  streamIdleSeconds?: number;
  uploadsPerPeer?: number;
  sessionsPerPeer?: number;
  /** Where the gateway listens. */
  listen?: string;
} = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'sextant-services-'));
  const data = join(folder, 'data');
  const lines: LogLine[] = [];
  const inference = await startInference(
    {
      config,
      data: sharedFolder ? data : join(folder, 'nothing-here'),
      listen: '127.0.0.1',
      inferencePort: 0,
      socket: undefined,
      threads: 0,
      onnxruntime: undefined,
      skipBrokenModels: false,
      device: 'auto' as const,
      strictEngine: false,
      keepResults: false,
      volumeLimit,
      cacheLimit: GIB,
      drainSeconds: 8,
      streamIdleSeconds,
      logLevel: 'silent' as const,
    },
    logTo(lines, 'inference'),
  );
  const convert = await startDataConvert(
    {
      listen: '127.0.0.1',
      convertPort: 0,
      socket: undefined,
      volumeLimit,
      conversionMemory,
      drainSeconds: 8,
      streamIdleSeconds,
      logLevel: 'silent' as const,
    },
    logTo(lines, 'data-convert'),
  );
  const gateway = await startGateway(
    {
      grpcPort: 0,
      httpPort: 0,
      listen,
      allowHosts: undefined,
      socket: undefined,
      inference: `127.0.0.1:${inference.grpcPort}`,
      dataConvert: `127.0.0.1:${convert.grpcPort}`,
      data,
      storeLimit,
      uploadsPerPeer,
      sessionsPerPeer,
      sessionHours,
      volumeHours: 24,
      uploadHours: 24,
      drainSeconds: 8,
      streamIdleSeconds,
      logLevel: 'silent' as const,
    },
    logTo(lines, 'gateway'),
  );
  const address = `127.0.0.1:${gateway.grpcPort}`;
  const channel = openChannel(address);
  const volumes = createClient(VolumeServiceDefinition, channel);
  const sessions = createClient(SessionServiceDefinition, channel);

  async function upload(file: Uint8Array): Promise<UploadVolumeResponse> {
    const { uploadId } = await volumes.createUpload({ sizeBytes: file.length });
    return volumes.uploadVolume(uploadMessages(uploadId, file));
  }

  let inferenceRuns = true;
  async function stopInference(): Promise<void> {
    if (!inferenceRuns) return;
    inferenceRuns = false;
    inference.abandon();
    await inference.drain();
  }

  return {
    address,
    inferenceAddress: `127.0.0.1:${inference.grpcPort}`,
    http: `http://127.0.0.1:${gateway.httpPort}`,
    httpPort: gateway.httpPort,
    data,
    lines,
    volumes,
    sessions,
    models: createClient(ModelServiceDefinition, channel),
    annotations: createClient(AnnotationServiceDefinition, channel),
    conversions: createClient(ConversionServiceDefinition, channel),
    convertAddress: `127.0.0.1:${convert.grpcPort}`,
    upload,
    /** Uploads a file and opens a session on it. */
    async open(file: Uint8Array, frame?: number): Promise<string> {
      const { receipt } = await upload(file);
      const { session } = await sessions.createSession({ receipt, frame });
      return session?.sessionId ?? '';
    },
    /** The gateway stays alone. */
    stopInference,
    async stop() {
      channel.close();
      gateway.abandon();
      await gateway.drain();
      await stopInference();
      convert.abandon();
      await convert.drain();
      rmSync(folder, { recursive: true });
    },
  };
}

export async function* uploadMessages(
  uploadId: string,
  file: Uint8Array,
  offsetBytes = 0,
): AsyncGenerator<UploadVolumeRequest> {
  yield { part: { $case: 'header', value: { uploadId, offsetBytes } } };
  for (const value of chunksOf(file.subarray(offsetBytes))) {
    yield { part: { $case: 'chunk', value } };
  }
}

function logTo(lines: LogLine[], service: string): pino.Logger {
  const stream = new Writable({
    write(line, _encoding, done) {
      lines.push(JSON.parse(String(line)));
      done();
    },
  });
  return pino({ level: 'info', base: { service } }, stream);
}
