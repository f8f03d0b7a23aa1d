import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:http2';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { HealthDefinition } from '#proto/grpc/health/v1/health';
import {
  type ModelServiceImplementation,
  ModelServiceDefinition as Models,
} from '#proto/sextant/v1/model';
import type { EndedCall } from './call-watch.ts';
import type { CallInfo, FinishedCall } from './calls.ts';
import { createClient, openChannel } from './client.ts';
import { type RpcServer, startServer } from './server.ts';

describe('the watch over calls', () => {
  let folder: string;
  let ended: EndedCall[];
  let finished: FinishedCall[];
  const servers: RpcServer[] = [];
  const leftMs: (number | undefined)[] = [];

  const models: ModelServiceImplementation<CallInfo> = {
    async listModels({ label }, call) {
      leftMs.push(call.leftMs());
      if (label === 'wait') await delay(60_000, undefined, { signal: call.signal });
      return { models: [] };
    },
    getModel: async () => ({}),
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-watch-'));
    ended = [];
    finished = [];
    leftMs.length = 0;
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.abandon();
      await server.drain();
    }
    rmSync(folder, { recursive: true });
  });

  async function start(address: string): Promise<RpcServer> {
    const server = await startServer({
      address,
      flag: '--socket',
      services: [Models.fullName],
      add: (target) => target.add(Models, models),
      serving: true,
      onFinished: (call) => finished.push(call),
      onEnded: (call) => ended.push(call),
    });
    servers.push(server);
    return server;
  }

  async function untilEnded(count: number): Promise<void> {
    for (let i = 0; i < 400 && ended.length < count; i++) await delay(5);
    assert.equal(ended.length, count);
  }

  for (const kind of ['unix socket', 'TCP port']) {
    it(`sees the calls of its own ${kind} and no other`, async () => {
      const own = kind === 'TCP port' ? '127.0.0.1:0' : `unix:${join(folder, 'own')}`;
      const foreign = kind === 'TCP port' ? '127.0.0.1:0' : `unix:${join(folder, 'foreign')}`;
      const reach = (address: string, { port }: RpcServer) =>
        openChannel(kind === 'TCP port' ? `127.0.0.1:${port}` : address);
      const channels = [reach(own, await start(own))];
      const other = await startServer({
        address: foreign,
        flag: '--socket',
        services: [Models.fullName],
        add: (target) => target.add(Models, models),
        serving: true,
        onFinished() {},
      });
      servers.push(other);
      channels.unshift(reach(foreign, other));
      for (const channel of channels) await createClient(Models, channel).listModels({});
      await untilEnded(1);
      const [{ method, status, handled } = assert.fail()] = ended;
      assert.deepEqual(
        { method, status, handled },
        { method: 'sextant.v1.ModelService/ListModels', status: 'OK', handled: true },
      );
      for (const channel of channels) channel.close();
    });
  }

  it('counts probes, and keeps them out of the log', async () => {
    const { port } = await start('127.0.0.1:0');
    const channel = openChannel(`127.0.0.1:${port}`);
    await createClient(HealthDefinition, channel).check({});
    await untilEnded(1);
    assert.equal(ended[0]?.method, 'grpc.health.v1.Health/Check');
    assert.deepEqual(finished, []);
    channel.close();
  });

  it('tells a handler how long its caller will wait', async () => {
    const { port } = await start('127.0.0.1:0');
    const channel = openChannel(`127.0.0.1:${port}`);
    const client = createClient(Models, channel);
    await client.listModels({}, { deadlineMs: 20_000 });
    await client.listModels({});
    const [left, none] = leftMs;
    assert.ok(left !== undefined && left > 5000 && left <= 20_000, `${left} ms`);
    assert.equal(none, undefined);
    channel.close();
  });

  it('sees what is no gRPC, and a connection that breaks', async () => {
    const { port } = await start('127.0.0.1:0');
    const page = connect(`http://127.0.0.1:${port}`);
    page.request({ ':path': '/' }).on('error', () => {});
    await untilEnded(1);
    page.destroy();
    assert.deepEqual([ended[0]?.method, ended[0]?.status], [undefined, 'UNKNOWN']);

    const socket = createConnection(port, '127.0.0.1');
    const session = connect(`http://127.0.0.1:${port}`, { createConnection: () => socket });
    session.on('error', () => {});
    const stream = session.request({
      ':method': 'POST',
      ':path': '/sextant.v1.ModelService/ListModels',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    stream.on('error', () => {});
    stream.end(Buffer.from([0, 0, 0, 0, 6, 0x12, 4, ...Buffer.from('wait')]));
    while (leftMs.length === 0) await delay(5);
    socket.destroy();
    await untilEnded(2);
    assert.equal(ended[1]?.status, 'CANCELLED');
  });
});
