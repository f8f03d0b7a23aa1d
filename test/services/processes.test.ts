import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { EXIT_CODES, type ReadyMessage } from '#host';
import {
  HealthDefinition,
  HealthCheckResponse_ServingStatus as Serving,
} from '#proto/grpc/health/v1/health';
import { AnnotationServiceDefinition, PointSpace, Stage } from '#proto/sextant/v1/annotation';
import { InferenceServiceDefinition } from '#proto/sextant/v1/inference';
import { ModelServiceDefinition } from '#proto/sextant/v1/model';
import { SessionServiceDefinition } from '#proto/sextant/v1/session';
import { VolumeServiceDefinition } from '#proto/sextant/v1/volume';
import { createClient, openChannel, waitUntilConnected } from '#rpc';
import { longPool } from './long-pool.ts';
import { CLICKS, POOL, SAMPLE, uploadMessages } from './running.ts';

const ROOT = join(import.meta.dirname, '../..');

describe('each service as a process', function () {
  this.timeout(120_000);
  let folder: string;
  const children: ChildProcess[] = [];
  const undo: (() => unknown)[] = [];

  before(() => assert.ok(existsSync(join(ROOT, 'dist/gateway/main.js')), 'run `npm run build`'));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-process-'));
  });
  afterEach(async () => {
    for (const step of undo.splice(0)) await step();
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true });
  });

  /** `supervised` gives it an IPC channel, as `sextant serve` does. */
  function start(
    service: 'gateway' | 'inference',
    flags: readonly string[],
    { supervised = true } = {},
  ) {
    const child = spawn(process.execPath, [join(ROOT, `dist/${service}/main.js`), ...flags], {
      cwd: folder,
      env: Object.fromEntries(
        Object.entries(process.env).filter(([name]) => !/^SEXTANT_/.test(name)),
      ),
      stdio: supervised ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    assert.ok(child.stdout && child.stderr, 'its output is piped');
    const output = Promise.all([text(child.stdout), text(child.stderr)]);
    const ended = once(child, 'exit').then(async ([status]) => {
      const [out, err] = await output;
      return { status: status as number | null, out, err };
    });
    const ready = supervised
      ? once(child, 'message').then(([message]) => message as ReadyMessage)
      : new Promise<ReadyMessage>(() => {});
    return { child, ended, ready };
  }

  function channelTo(address: string) {
    const channel = openChannel(address);
    undo.push(() => channel.close());
    return channel;
  }

  const inferenceSocket = () => join(folder, 'inference.sock');
  const startInference = (config: string, ...more: string[]) =>
    start('inference', ['--config', config, '--socket', inferenceSocket(), ...more]);
  const startGateway = (...more: string[]) =>
    start('gateway', [
      ...['--inference', `unix:${inferenceSocket()}`, '--grpc-port', '0', '--http-port', '0'],
      ...more,
    ]);

  async function longConfig(): Promise<string> {
    const pool = await longPool(2000);
    undo.push(() => pool.remove());
    return pool.pool;
  }

  async function statusOf(address: string): Promise<Serving> {
    const channel = openChannel(address);
    try {
      await waitUntilConnected(channel, 10_000);
      return (await createClient(HealthDefinition, channel).check({})).status;
    } finally {
      channel.close();
    }
  }

  async function openSession(channel: ReturnType<typeof openChannel>): Promise<string> {
    const volumes = createClient(VolumeServiceDefinition, channel);
    const { uploadId } = await volumes.createUpload({ sizeBytes: SAMPLE.length });
    const { receipt } = await volumes.uploadVolume(uploadMessages(uploadId, SAMPLE));
    const { session } = await createClient(SessionServiceDefinition, channel).createSession({
      receipt,
    });
    return session?.sessionId ?? '';
  }

  for (const service of ['gateway', 'inference'] as const) {
    it(`${service} --help tells every flag with its variable`, async () => {
      const { status, out } = await start(service, ['--help']).ended;
      assert.equal(status, EXIT_CODES.ok);
      for (const flag of service === 'gateway' ? GATEWAY_FLAGS : INFERENCE_FLAGS) {
        assert.match(
          out,
          new RegExp(`--${flag}\\b.*SEXTANT_${flag.toUpperCase().replaceAll('-', '_')}`),
        );
      }
    });

    it(`${service} refuses an unknown flag with the nearest one`, async () => {
      const { status, err } = await start(service, ['--log-levle', 'info']).ended;
      assert.equal(status, EXIT_CODES.usage);
      assert.match(err, /--log-levle: .*did you mean --log-level\?/);
    });
  }

  for (const flag of ['--grpc-port', '--http-port']) {
    it(`gateway ends with an error that names the taken port and ${flag}`, async () => {
      const owner = createServer().listen(0, '127.0.0.1');
      await once(owner, 'listening');
      undo.push(() => owner.close());
      const { port } = owner.address() as { port: number };
      const { status, err } = await startGateway(flag, String(port)).ended;
      assert.equal(status, EXIT_CODES.unavailable);
      assert.match(
        err,
        new RegExp(`PORT_TAKEN: ${flag}: .*127\\.0\\.0\\.1:${port}, which is taken`),
      );
    });
  }

  it('a second gateway is told about the port, not about the lock of the store', async () => {
    const { grpcPort } = await startGateway().ready;
    const { status, err } = await startGateway('--grpc-port', String(grpcPort)).ended;
    assert.equal(status, EXIT_CODES.unavailable);
    assert.match(err, new RegExp(`PORT_TAKEN: --grpc-port: .*:${grpcPort}`));
  });

  it('inference says NOT_SERVING and UNAVAILABLE until its models are loaded', async () => {
    const service = startInference(await longConfig());
    const address = `unix:${inferenceSocket()}`;
    while (!existsSync(inferenceSocket())) await pause(10);
    assert.equal(await statusOf(address), Serving.NOT_SERVING);
    const client = createClient(InferenceServiceDefinition, channelTo(address));
    await assert.rejects(client.listLoadedModels({}), {
      reason: 'SERVICE_UNAVAILABLE',
      retryAfterMs: 1000,
    });
    await service.ready;
    assert.equal(await statusOf(address), Serving.SERVING);
    assert.equal((await client.listLoadedModels({})).models.length, 1);
  });

  it('inference refuses a broken pool, or leaves the broken model out when told', async () => {
    const pool = join(folder, 'engine_pool.json');
    writeFileSync(
      pool,
      JSON.stringify([
        {
          name: 'gone',
          class: 'Dextr3dCroppedEngine',
          module: 'medical.aas.dextr3dcropped',
          config_file: 'gone.json',
          labels: ['gone'],
        },
      ]),
    );
    const { status, err } = await startInference(pool).ended;
    assert.notEqual(status, 0);
    assert.match(err, /gone\.json/);
    await startInference(pool, '--skip-broken-models').ready;
  });

  it('SIGTERM lets a running click end, then the process', async () => {
    const inference = startInference(await longConfig(), '--data', join(folder, 'data'));
    const gateway = startGateway();
    const { grpcPort } = await gateway.ready;
    await inference.ready;
    const channel = channelTo(`127.0.0.1:${grpcPort}`);
    const sessionId = await openSession(channel);
    const seen: string[] = [];
    for await (const { event } of createClient(AnnotationServiceDefinition, channel).annotate({
      sessionId,
      model: 'spleen',
      points: CLICKS,
      space: PointSpace.POINT_SPACE_INDEX,
    })) {
      seen.push(event?.event?.$case ?? '');
      const told = event?.event;
      if (told?.$case !== 'progress' || told.value.stage !== Stage.STAGE_INFER) continue;
      gateway.child.kill('SIGTERM');
      inference.child.kill('SIGTERM');
    }
    assert.equal(seen.at(-1), 'summary');
    assert.equal((await gateway.ended).status, 0);
    assert.equal((await inference.ended).status, 0);
    assert.ok(!existsSync(inferenceSocket()), 'the socket is gone');
  });

  it("SIGINT is the supervisor's matter; without one it ends the process", async () => {
    const supervised = startGateway();
    await supervised.ready;
    supervised.child.kill('SIGINT');
    await pause(300);
    assert.equal(supervised.child.exitCode, null);
    supervised.child.kill('SIGTERM');
    assert.equal((await supervised.ended).status, 0);
    const flags = ['--socket', join(folder, 'g.sock'), '--http-port', '0', '--data', 'other'];
    const alone = start('gateway', flags, { supervised: false });
    while (!existsSync(join(folder, 'g.sock'))) await pause(10);
    await pause(200);
    alone.child.kill('SIGINT');
    assert.equal((await alone.ended).status, 0);
  });

  for (const moment of ['while it serves', 'while it starts']) {
    it(`a supervisor that is gone ends it, ${moment}`, async () => {
      const service = startInference(await longConfig());
      if (moment === 'while it serves') await service.ready;
      else while (!existsSync(inferenceSocket())) await pause(10);
      service.child.disconnect();
      assert.equal((await service.ended).status, 0);
    });
  }

  it('a gateway without inference says so, and recovers when it is back', async () => {
    const gateway = startGateway();
    const { grpcPort, httpPort } = await gateway.ready;
    const address = `127.0.0.1:${grpcPort}`;
    const models = createClient(ModelServiceDefinition, channelTo(address));
    assert.equal(await statusOf(address), Serving.NOT_SERVING);
    assert.equal((await fetch(`http://127.0.0.1:${httpPort}/v1/models`)).status, 503);
    await assert.rejects(models.listModels({}), (error: Error & { retryAfterMs?: number }) => {
      assert.match(error.message, /inference service/);
      assert.ok(!error.message.includes(folder), error.message);
      assert.ok((error.retryAfterMs ?? 0) > 0, 'a delay is told');
      return true;
    });
    for (let round = 0; round < 2; round++) {
      const inference = startInference(POOL);
      await inference.ready;
      while ((await statusOf(address)) !== Serving.SERVING) await pause(50);
      assert.equal((await models.listModels({})).models.length, 2);
      inference.child.kill('SIGKILL');
      await inference.ended;
      while ((await statusOf(address)) !== Serving.NOT_SERVING) await pause(50);
    }
  });

  it('nothing listens beyond loopback unless asked, and asking is told in the log', async () => {
    const quiet = startGateway();
    const { grpcPort, httpPort } = await quiet.ready;
    for (const port of [grpcPort, httpPort]) {
      assert.deepEqual(listeningAddresses(Number(port)), [LOOPBACK]);
    }
    quiet.child.kill('SIGTERM');
    assert.doesNotMatch((await quiet.ended).err, /no authentication/);
    const open = startGateway('--listen', '0.0.0.0', '--data', 'other');
    const ports = await open.ready;
    for (const port of [ports.grpcPort, ports.httpPort]) {
      assert.deepEqual(listeningAddresses(Number(port)), [EVERYWHERE]);
    }
    open.child.kill('SIGTERM');
    assert.match((await open.ended).err, /no authentication yet/);
  });

  it('the inference service listens on loopback alone', async () => {
    const service = start('inference', ['--config', POOL, '--inference-port', '0']);
    await service.ready;
    const ports = listeningPorts(service.child.pid ?? 0);
    assert.ok(ports.length > 0, 'it listens');
    for (const port of ports) assert.deepEqual(listeningAddresses(port), [LOOPBACK]);
  });
});

/** IPv4 addresses as the kernel writes them: four bytes in the order of this machine. */
const LOOPBACK = '0100007F';
const EVERYWHERE = '00000000';
const LISTENING = '0A';

interface Socket {
  readonly address: string;
  readonly port: number;
  readonly inode: string;
}

/** Every TCP socket of this machine that listens. */
function listeningSockets(): Socket[] {
  return ['/proc/net/tcp', '/proc/net/tcp6']
    .filter((table) => existsSync(table))
    .flatMap((table) => readFileSync(table, 'utf8').trim().split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === LISTENING)
    .map((fields) => {
      const [address = '', port = ''] = (fields[1] ?? '').split(':');
      return { address, port: Number.parseInt(port, 16), inode: fields[9] ?? '' };
    });
}

function listeningAddresses(port: number): string[] {
  return listeningSockets()
    .filter((socket) => socket.port === port)
    .map(({ address }) => address);
}

function listeningPorts(pid: number): number[] {
  const descriptors = readdirSync(`/proc/${pid}/fd`).map((name) =>
    linkOf(`/proc/${pid}/fd/${name}`),
  );
  return listeningSockets()
    .filter(({ inode }) => descriptors.includes(`socket:[${inode}]`))
    .map(({ port }) => port);
}

/** A descriptor may close between its listing and this. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

const GATEWAY_FLAGS = [
  'grpc-port',
  'http-port',
  'listen',
  'socket',
  'inference',
  'data',
  'store-limit',
  'session-hours',
  'volume-hours',
  'upload-hours',
  'log-level',
];
const INFERENCE_FLAGS = [
  'config',
  'data',
  'listen',
  'inference-port',
  'socket',
  'threads',
  'onnxruntime',
  'skip-broken-models',
  'strict-engine',
  'volume-limit',
  'cache-limit',
  'log-level',
];
