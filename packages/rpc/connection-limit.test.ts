import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { HealthDefinition } from '#proto/grpc/health/v1/health';
import { createClient, openChannel } from './client.ts';
import { type RpcServer, startServer } from './server.ts';

const IDLE_MS = 300;

describe('connections of a server', () => {
  let server: RpcServer;
  const sockets: Socket[] = [];

  const start = async (options: { connections?: number; connectionIdleMs?: number }) => {
    server = await startServer({
      address: '127.0.0.1:0',
      flag: '--grpc-port',
      services: [],
      add: () => {},
      serving: true,
      onFinished: () => {},
      ...options,
    });
  };
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    server.abandon();
    await server.drain();
  });

  /** Connects; resolves to whether the connection is still there a moment later. */
  async function isTaken(): Promise<boolean> {
    const socket = connect(server.port, '127.0.0.1').on('error', () => {});
    sockets.push(socket);
    await once(socket, 'connect');
    return await Promise.race([
      once(socket.resume(), 'close').then(() => false),
      delay(100).then(() => true),
    ]);
  }

  async function check(): Promise<void> {
    const channel = openChannel(`127.0.0.1:${server.port}`);
    try {
      await createClient(HealthDefinition, channel).check({}, { deadlineMs: 5000 });
    } finally {
      channel.close();
    }
  }

  it('are taken up to their limit and not beyond, and again when one has gone', async () => {
    await start({ connections: 3 });
    for (let count = 0; count < 3; count++) assert.equal(await isTaken(), true);
    assert.equal(await isTaken(), false);
    for (const socket of sockets.splice(0)) socket.destroy();
    await delay(100);
    await check();
  });

  it('are closed when they are idle, and a client with another call does not notice', async () => {
    await start({ connectionIdleMs: IDLE_MS });
    const channel = openChannel(`127.0.0.1:${server.port}`);
    const health = createClient(HealthDefinition, channel);
    await health.check({});
    const silent = connect(server.port, '127.0.0.1');
    sockets.push(silent);
    await once(silent.resume(), 'close');
    await delay(2 * IDLE_MS);
    await health.check({});
    channel.close();
  });

  it('stay while a call is open', async () => {
    await start({ connectionIdleMs: IDLE_MS });
    const channel = openChannel(`127.0.0.1:${server.port}`);
    const abort = new AbortController();
    const watch = createClient(HealthDefinition, channel).watch({}, { signal: abort.signal });
    const statuses = watch[Symbol.asyncIterator]();
    await statuses.next();
    await delay(3 * IDLE_MS);
    server.health.setServing(false);
    assert.equal((await statuses.next()).done, false);
    abort.abort();
    channel.close();
  });
});
