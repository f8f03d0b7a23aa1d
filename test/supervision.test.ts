import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SextantError } from '#errors';
import { AnnotationServiceDefinition, PointSpace, Stage } from '#proto/sextant/v1/annotation';
import { SessionServiceDefinition } from '#proto/sextant/v1/session';
import { VolumeServiceDefinition } from '#proto/sextant/v1/volume';
import { createClient, openChannel } from '#rpc';
import type { PoolFolder } from '../packages/models/testing/pool-folder.ts';
import { longPool } from './services/long-pool.ts';
import { CLICKS, SAMPLE, uploadMessages } from './services/running.ts';
import { isAlive, MAIN, Sextant, waitUntil } from './sextant-process.ts';

/** A network that runs for long enough to be met in its middle. */
const PRODUCTS = 2000;

describe('the supervision of services', function () {
  this.timeout(180_000);
  let folder: string;
  let pool: PoolFolder;
  const servers: Sextant[] = [];
  const undo: (() => unknown)[] = [];

  before(async () => {
    pool = await longPool(PRODUCTS);
  });
  after(() => pool?.remove());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sx-'));
  });
  afterEach(async () => {
    for (const step of undo.splice(0)) await step();
    for (const server of servers.splice(0)) {
      const children = isAlive(server.child.pid ?? 0) ? server.children() : [];
      server.child.kill('SIGKILL');
      await waitUntil(() => !children.some(isAlive), 'all have ended');
    }
    rmSync(folder, { recursive: true, force: true });
  });

  const runtimeFolders = () => readdirSync(folder).filter((name) => name.startsWith('sextant-run'));

  function begin(...flags: string[]): Sextant {
    const ports = ['--grpc-port', '0', '--http-port', '0', '--log-level', 'info'];
    const words = ['serve', ...ports, '--data', join(folder, 'data'), ...flags];
    const server = new Sextant(words, { tmp: folder });
    servers.push(server);
    return server;
  }

  async function start(...flags: string[]) {
    const server = begin('--config', pool.pool, ...flags);
    const address = await server.until(/^gRPC +(\S+)/m);
    await server.until(/^stop +Ctrl-C/m);
    return { server, ...clientsOf(address) };
  }

  function clientsOf(address: string) {
    const channel = openChannel(address);
    undo.push(() => channel.close());
    const volumes = createClient(VolumeServiceDefinition, channel);
    const sessions = createClient(SessionServiceDefinition, channel);
    const annotations = createClient(AnnotationServiceDefinition, channel);

    async function open(): Promise<string> {
      const { uploadId } = await volumes.createUpload({ sizeBytes: SAMPLE.length });
      const { receipt } = await volumes.uploadVolume(uploadMessages(uploadId, SAMPLE));
      return (await sessions.createSession({ receipt })).session?.sessionId ?? '';
    }

    /** The kinds of events of a click; calls `inNetwork` when the network begins. */
    async function click(sessionId: string, inNetwork = () => {}): Promise<string[]> {
      const seen: string[] = [];
      const points = { points: CLICKS, space: PointSpace.POINT_SPACE_INDEX };
      for await (const { event } of annotations.annotate({
        sessionId,
        model: 'spleen',
        ...points,
      })) {
        const told = event?.event;
        if (told !== undefined) seen.push(told.$case);
        if (told?.$case === 'progress' && told.value.stage === Stage.STAGE_INFER) inNetwork();
      }
      return seen;
    }

    /** Begins a click and resolves when its network runs, with how the click will end. */
    async function clicking(sessionId: string): Promise<{ end: Promise<unknown> }> {
      return await new Promise((resolve, reject) => {
        const end = click(sessionId, () => resolve({ end })).catch((error: unknown) => error);
        end.then((how) => reject(how));
      });
    }

    return { address, volumes, sessions, open, click, clicking };
  }

  /** An upload whose client has sent one half and sends nothing more. */
  async function stalledUpload(volumes: ReturnType<typeof clientsOf>['volumes']) {
    const { uploadId } = await volumes.createUpload({ sizeBytes: SAMPLE.length });
    return await new Promise<{ uploadId: string; end: Promise<unknown> }>((resolve) => {
      async function* half() {
        yield* uploadMessages(uploadId, SAMPLE.subarray(0, SAMPLE.length >> 1));
        await pause(300);
        resolve({ uploadId, end });
        await pause(120_000, undefined, { ref: false });
      }
      const end = volumes.uploadVolume(half()).catch((error: unknown) => error);
    });
  }

  function kill(pid: number | undefined, signal: NodeJS.Signals = 'SIGKILL'): void {
    assert.ok(pid, 'the service runs');
    process.kill(pid, signal);
  }

  it('a click whose network dies is told when to come again, and the next one works', async () => {
    const { server, open, click, clicking, sessions } = await start();
    const sessionId = await open();
    const { end } = await clicking(sessionId);
    kill(server.pidOf('inference'));
    const error = await end;
    assert.ok(error instanceof SextantError, String(error));
    assert.equal(error.code, 'UNAVAILABLE');
    const { retryAfterMs = 0, remedy } = error;
    assert.ok(retryAfterMs > 0 && retryAfterMs <= 5000, `try again in ${retryAfterMs} ms`);
    assert.match(remedy ?? '', /again/);
    // At once, without a new upload or session: the gateway waits for the service.
    assert.equal((await asTold(() => click(sessionId))).at(-1), 'summary');
    await server.until(/sextant serve: inference ended \(SIGKILL\), starting again/);
    await server.until(/sextant serve: inference is ready again/);
    assert.equal((await sessions.getSession({ sessionId })).session?.sessionId, sessionId);
  });

  it('a gateway that dies comes back on its ports, and sessions live on', async () => {
    const { server, address, open } = await start();
    const sessionId = await open();
    kill(server.pidOf('gateway'));
    await server.until(/sextant serve: gateway is ready again/);
    const { click, sessions } = clientsOf(address);
    assert.equal((await sessions.getSession({ sessionId })).session?.sessionId, sessionId);
    assert.equal((await click(sessionId)).at(-1), 'summary');
  });

  it('a service that dies at each start is started ever more slowly, until it is repaired', async () => {
    const { server, open, click } = await start();
    const sessionId = await open();
    const model = join(pool.pool, '../spleen.json');
    const whole = readFileSync(model);
    try {
      writeFileSync(model, '{"broken": true}');
      kill(server.pidOf('inference'));
      await server.until(
        /inference ended \(status 2\) before it was ready, starting again in 1000 ms/,
      );
    } finally {
      writeFileSync(model, whole);
    }
    const pauses = [...server.stderr.matchAll(/inference ended .*starting again in (\d+) ms/g)];
    const doubling = pauses.map(([, ms]) => Number(ms));
    assert.deepEqual(doubling.slice(-3), [250, 500, 1000]);
    assert.match(
      server.stderr,
      /sextant inference: CONFIG_INVALID: [\s\S]*spleen\.json/,
      'it says why',
    );
    await server.until(/inference is ready again/);
    assert.equal((await click(sessionId)).at(-1), 'summary');
  });

  it('SIGTERM cuts what runs at the limit, says what, and tells the caller to come again', async () => {
    const { server, open, clicking } = await start('--drain-seconds', '0');
    const { end } = await clicking(await open());
    server.child.kill('SIGTERM');
    assertToldToComeAgain(await end);
    const { status, stderr } = await server.ended();
    assert.equal(status, 0);
    const cut = logLines(stderr).filter(({ msg }) => /calls were cut/.test(String(msg)));
    assert.equal(cut.length, 1, stderr);
    const [{ service, calls, methods, requestIds } = {}] = cut;
    assert.deepEqual([service, calls], ['gateway', 1]);
    assert.match(JSON.stringify(methods), /^{"[^"]*AnnotationService\/Annotate":1}$/);
    assert.match(JSON.stringify(requestIds), /^\["[0-9a-f-]{36}"\]$/);
    assert.deepEqual(runtimeFolders(), []);
  });

  it('an upload that a drain cuts goes on at the next start where it was', async () => {
    const { server, volumes } = await start('--drain-seconds', '1');
    const { uploadId, end } = await stalledUpload(volumes);
    const began = performance.now();
    server.child.kill('SIGTERM');
    const error = await end;
    const tookMs = performance.now() - began;
    assertToldToComeAgain(error);
    assert.match(error instanceof SextantError ? (error.remedy ?? '') : '', /GetUpload/);
    assert.ok(tookMs >= 900 && tookMs < 20_000, `cut after ${tookMs} ms`);
    assert.equal((await server.ended()).status, 0);
    const next = await start();
    const { offsetBytes } = await next.volumes.getUpload({ uploadId });
    assert.equal(offsetBytes, SAMPLE.length >> 1, 'what came is durable');
    const rest = uploadMessages(uploadId, SAMPLE, offsetBytes);
    assert.match((await next.volumes.uploadVolume(rest)).volumeId, /^[0-9a-f]{64}$/);
  });

  for (const signal of ['SIGINT', 'SIGHUP'] as const) {
    it(`${signal} lets a click end, the gateway first and then inference`, async () => {
      const { server, open, clicking } = await start('--drain-seconds', '60');
      const { end } = await clicking(await open());
      const children = server.children();
      // As a terminal does: to the whole group.
      for (const pid of [...children, server.child.pid]) kill(pid, signal);
      assert.equal(((await end) as string[]).at(-1), 'summary');
      const { status, stderr } = await server.ended();
      assert.equal(status, 0);
      const order = logLines(stderr)
        .filter(({ msg }) => msg === 'draining' || msg === 'drained')
        .map(({ service, msg }) => `${service} ${msg}`);
      assert.deepEqual(order.slice(0, 2), ['gateway draining', 'gateway drained']);
      // The other two at once, in any order.
      for (const service of ['inference', 'data-convert']) {
        const own = order.slice(2).filter((line) => line.startsWith(service));
        assert.deepEqual(own, [`${service} draining`, `${service} drained`]);
      }
      assert.deepEqual(children.filter(isAlive), []);
      assert.deepEqual(runtimeFolders(), []);
    });
  }

  it('a terminal that is closed is no reason to break a drain off', async () => {
    const flags = ['serve', '--config', pool.pool, '--data', join(folder, 'data')];
    const ports = ['--grpc-port', '0', '--http-port', '0', '--drain-seconds', '1'];
    const command = [process.execPath, MAIN, ...flags, ...ports].join(' ');
    const terminal = spawn('script', ['-qfc', command, '/dev/null'], {
      env: { ...process.env, TMPDIR: folder, XDG_RUNTIME_DIR: folder },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    undo.push(() => terminal.kill('SIGKILL'));
    let shown = '';
    terminal.stdout.on('data', (chunk) => {
      shown += chunk;
    });
    await waitUntil(() => /stop +Ctrl-C/.test(shown), 'the server is there');
    const { volumes } = clientsOf(/gRPC +(\S+)/.exec(shown)?.[1] ?? '');
    const { end } = await stalledUpload(volumes);
    terminal.kill('SIGKILL');
    assertToldToComeAgain(await end);
    await waitUntil(() => runtimeFolders().length === 0, 'all is over');
  });

  it('a second Ctrl-C cuts', async () => {
    const { server, volumes } = await start('--drain-seconds', '600');
    const { end } = await stalledUpload(volumes);
    const children = server.children();
    server.child.kill('SIGINT');
    await server.until(/"gateway".*draining/);
    await pause(300);
    assert.deepEqual(children.filter(isAlive), children, 'the first one drains');
    server.child.kill('SIGINT');
    assertToldToComeAgain(await end);
    const { status, stderr } = await server.ended();
    assert.equal(status, 0, stderr);
    assert.match(stderr, /calls were cut/);
    assert.deepEqual(children.filter(isAlive), []);
  });

  it('a supervisor that is killed leaves no orphan, and the next one takes over at once', async () => {
    const { server, open, volumes } = await start('--drain-seconds', '600');
    const sessionId = await open();
    const { end } = await stalledUpload(volumes);
    const children = server.children();
    server.child.kill('SIGKILL');
    // As an init system would: while the orphans still drain.
    const next = await start();
    assertToldToComeAgain(await end);
    await waitUntil(() => !children.some(isAlive), 'the orphans have ended');
    assert.equal((await asTold(() => next.click(sessionId))).at(-1), 'summary');
    next.server.child.kill('SIGTERM');
    assert.equal((await next.server.ended()).status, 0);
  });

  it('a supervisor killed while its services start leaves no orphan', async () => {
    for (const afterMs of [0, 30, 90, 200]) {
      const server = begin('--config', pool.pool);
      await waitUntil(() => server.children().length === 3, 'the services are started');
      const children = server.children();
      await pause(afterMs);
      server.child.kill('SIGKILL');
      await waitUntil(() => !children.some(isAlive), `no orphan after ${afterMs} ms`);
    }
  });
});

function assertToldToComeAgain(error: unknown): void {
  assert.ok(error instanceof SextantError && error.code === 'UNAVAILABLE', String(error));
  assert.ok((error.retryAfterMs ?? 0) > 0, `when to come again: ${error}`);
}

/** Makes a call again when it is told to, for a machine whose services start slowly. */
async function asTold<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await call();
    } catch (error) {
      const { retryAfterMs } = error as SextantError;
      if (retryAfterMs === undefined || tries === 5) throw error;
      await pause(retryAfterMs);
    }
  }
}

/** The lines of JSON on stderr; the supervisor's own words are none. */
function logLines(stderr: string): Record<string, unknown>[] {
  return stderr
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
