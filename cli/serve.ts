import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SextantError } from '#errors';
import {
  announceReady,
  CONVERT_SERVED,
  EXIT_CODES,
  endInOrder,
  GATEWAY_SERVED,
  INFERENCE_SERVED,
  type ReadyMessage,
  SETTINGS,
  type Setting,
  type SettingName,
  type Settings,
} from '#host';
import { projectRoot } from '#host/root';
import { joinAddress } from '#rpc';
import { ChildFailed, ChildService } from './child-service.ts';
import { columns } from './columns.ts';
import type { Call, Command } from './command.ts';
import { makeRuntimeFolder, type RuntimeFolder } from './runtime-folder.ts';
import { serverModels } from './server-models.ts';

const SETTINGS_READ = [...new Set([...GATEWAY_SERVED, ...INFERENCE_SERVED, ...CONVERT_SERVED])];

type ServeSettings = Settings<(typeof SETTINGS_READ)[number]>;

export const serveCommand: Command<(typeof SETTINGS_READ)[number]> = {
  usage: 'sextant serve [--config FILE] [--data DIR] [flags]',
  summary: [
    'Serves the models of a pool file to clients over gRPC and HTTP, until Ctrl-C. Runs the gateway,',
    'the inference and the conversion service as processes of their own, and starts one again that',
    'dies.',
  ].join('\n'),
  settings: SETTINGS_READ,
  operands: { count: 0, name: '' },
  examples: [
    'sextant serve',
    'sextant serve --config models/engine_pool.json --grpc-port 50061 --http-port 5001',
    'sextant serve --listen 0.0.0.0 --data /var/lib/sextant',
  ],
  run: serve,
};

async function serve({ settings }: Call<(typeof SETTINGS_READ)[number]>): Promise<number> {
  const folder = await makeRuntimeFolder();
  process.once('exit', folder.remove);
  const inference = inferenceService(settings, folder);
  const convert = convertService(settings, folder);
  const gateway = gatewayService(settings, folder);
  // The gateway first: calls that it has let in still need the others.
  const drain = async () => {
    await gateway.stop();
    await Promise.all([inference.stop(), convert.stop()]);
  };
  const abandon = () => {
    gateway.abandon();
    inference.abandon();
    convert.abandon();
  };
  // The services hold to the limit themselves and say what they cut.
  endInOrder({ drain, abandon, limitMs: () => undefined });
  try {
    const [ready] = await Promise.all([gateway.start(), inference.start(), convert.start()]);
    await announce(settings, ready);
  } catch (error) {
    await drain();
    if (error instanceof ChildFailed) return error.status;
    throw error;
  }
  await new Promise(() => {});
  return EXIT_CODES.ok;
}

function gatewayService(settings: ServeSettings, folder: RuntimeFolder): ChildService {
  const flags = (before: ReadyMessage | undefined) => [
    ...flagsFor(GATEWAY_SERVED, { ...settings, ...portsOf(before) }),
    '--inference',
    `unix:${folder.socket('inference')}`,
    '--data-convert',
    `unix:${folder.socket('data-convert')}`,
  ];
  const drainMs = settings.drainSeconds * 1000;
  return new ChildService({ name: 'gateway', script: program('gateway'), flags, drainMs });
}

function inferenceService(settings: ServeSettings, folder: RuntimeFolder): ChildService {
  const flags = () => [
    ...flagsFor(INFERENCE_SERVED, settings),
    '--socket',
    folder.socket('inference'),
  ];
  const drainMs = settings.drainSeconds * 1000;
  return new ChildService({ name: 'inference', script: program('inference'), flags, drainMs });
}

function convertService(settings: ServeSettings, folder: RuntimeFolder): ChildService {
  const flags = () => [
    ...flagsFor(CONVERT_SERVED, settings),
    '--socket',
    folder.socket('data-convert'),
  ];
  const drainMs = settings.drainSeconds * 1000;
  return new ChildService({
    name: 'data-convert',
    script: program('data-convert'),
    flags,
    drainMs,
  });
}

/** A port that was free at the first start is kept when the gateway is started again. */
function portsOf(
  before: ReadyMessage | undefined,
): Partial<Record<'grpcPort' | 'httpPort', number>> {
  const { grpcPort, httpPort } = before ?? {};
  return {
    ...(grpcPort === undefined ? {} : { grpcPort }),
    ...(httpPort === undefined ? {} : { httpPort }),
  };
}

/** Every value by flag, so that a child's own reading of variables and files changes nothing. */
function flagsFor<K extends SettingName>(names: readonly K[], settings: Settings<K>): string[] {
  return names.flatMap((id) => {
    const { name, type }: Setting = SETTINGS[id];
    const value: unknown = settings[id];
    if (value === undefined) return [];
    if (type.placeholder !== undefined) return [`--${name}`, String(value)];
    return [value === true ? `--${name}` : `--no-${name}`];
  });
}

function program(service: 'gateway' | 'inference' | 'data-convert'): string {
  const path = fileURLToPath(new URL(`dist/${service}/main.js`, projectRoot()));
  if (existsSync(path)) return path;
  throw new SextantError('FILE_UNREADABLE', {
    subject: path,
    got: 'no such file',
    expected: 'the compiled service',
    remedy: 'npm run build',
  });
}

/** Says on stdout where what is, or tells the program that has started this one. */
async function announce(settings: ServeSettings, ready: ReadyMessage): Promise<void> {
  const { grpcPort, httpPort } = ready;
  const host = ['0.0.0.0', '::', '[::]'].includes(settings.listen) ? '127.0.0.1' : settings.listen;
  const grpc =
    settings.socket === undefined ? joinAddress(host, grpcPort ?? 0) : `unix:${settings.socket}`;
  const http = `http://${joinAddress(host, httpPort ?? 0)}`;
  if (process.send !== undefined) return announceReady({ ...ready, grpc, http });
  const models = await serverModels(grpc, AbortSignal.timeout(60_000));
  console.log(
    columns([
      ['gRPC', grpc],
      ['HTTP', `${http}/v1/models`],
      ...models.map(({ name, engine, device, licence }) => [
        'model',
        `${name} (${engine} on ${device}, weights: ${licence || 'licence not stated'})`,
      ]),
      ['stop', 'Ctrl-C'],
    ]),
  );
}
