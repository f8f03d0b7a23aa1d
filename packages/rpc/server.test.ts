import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { SextantError } from '#errors';
import {
  HealthDefinition,
  HealthCheckResponse_ServingStatus as Serving,
} from '#proto/grpc/health/v1/health';
import {
  type ModelServiceImplementation,
  ModelServiceDefinition as Models,
} from '#proto/sextant/v1/model';
import {
  type VolumeServiceImplementation,
  VolumeServiceDefinition as Volumes,
} from '#proto/sextant/v1/volume';
import type { CallInfo, FinishedCall } from './calls.ts';
import { splitStream } from './chunks.ts';
import { createClient, openChannel, waitUntilConnected } from './client.ts';
import { CHUNK_BYTES } from './limits.ts';
import { type RpcServer, startServer } from './server.ts';

describe('a server and a client', () => {
  let server: RpcServer;
  let channel: ReturnType<typeof openChannel>;
  let finished: FinishedCall[];
  let sent: number;

  const models: ModelServiceImplementation<CallInfo> = {
    async listModels({ label }, { signal, note }) {
      if (label === 'wait') await delay(60_000, undefined, { signal });
      note({ session: 's1' });
      return { models: [] };
    },
    async getModel({ name }) {
      if (name === 'bug') throw new TypeError('secret words');
      throw new SextantError('MODEL_UNKNOWN', { subject: 'name', got: name, expected: 'a model' });
    },
  };
  const volumes: VolumeServiceImplementation<CallInfo> = {
    createUpload: async () => ({}),
    proveVolume: async () => ({}),
    getUpload: async () => ({}),
    async uploadVolume(requests, { signal }) {
      const { chunks } = await splitStream(requests, signal);
      let size = 0;
      for await (const chunk of chunks) {
        size += chunk.length;
        if (size === CHUNK_BYTES) await delay(500, undefined, { signal });
      }
      return { volumeId: String(size) };
    },
  };

  beforeEach(async () => {
    finished = [];
    sent = 0;
    server = await startServer({
      address: '127.0.0.1:0',
      flag: '--grpc-port',
      services: [Models.fullName, Volumes.fullName],
      add(target) {
        target.add(Models, models);
        target.add(Volumes, volumes);
      },
      serving: false,
      onFinished: (call) => finished.push(call),
    });
    channel = openChannel(`127.0.0.1:${server.port}`);
  });
  afterEach(async () => {
    channel.close();
    server.abandon();
    await server.drain();
  });

  async function* upload(chunks: number) {
    yield { part: { $case: 'header' as const, value: { uploadId: 'u', offsetBytes: 0 } } };
    for (let i = 0; i < chunks; i++) {
      sent++;
      yield { part: { $case: 'chunk' as const, value: new Uint8Array(CHUNK_BYTES) } };
    }
  }

  it("report each call once, with what the handler noted and the caller's request id", async () => {
    await createClient(Models, channel).listModels({}, { requestId: 'mine-1' });
    assert.equal(finished.length, 1);
    const { method, requestId, status, fields } = finished[0] ?? assert.fail();
    assert.equal(method, '/sextant.v1.ModelService/ListModels');
    assert.deepEqual(
      { requestId, status, fields },
      { requestId: 'mine-1', status: 'OK', fields: { session: 's1' } },
    );
  });

  it('replace a request id that is none', async () => {
    await createClient(Models, channel).listModels({}, { requestId: 'two words' });
    assert.match(finished[0]?.requestId ?? '', /^[0-9a-f-]{36}$/);
  });

  it('carry a SextantError across', async () => {
    const call = createClient(Models, channel).getModel({ name: 'spleem' });
    await assert.rejects(call, { name: 'SextantError', reason: 'MODEL_UNKNOWN', got: 'spleem' });
    assert.equal(finished[0]?.reason, 'MODEL_UNKNOWN');
  });

  it('keep the words of a bug inside, and log its cause', async () => {
    const call = createClient(Models, channel).getModel({ name: 'bug' });
    await assert.rejects(call, (error) => {
      assert.ok(error instanceof SextantError, String(error));
      assert.equal(error.reason, 'INTERNAL');
      assert.doesNotMatch(error.message, /secret/);
      assert.match(error.message, new RegExp(finished[0]?.requestId ?? '^$'));
      return true;
    });
    assert.ok(finished[0]?.cause instanceof TypeError, 'the cause is kept for the log');
  });

  it('end a call at its deadline, on both sides', async () => {
    const call = createClient(Models, channel).listModels({ label: 'wait' }, { deadlineMs: 100 });
    await assert.rejects(call, { reason: 'DEADLINE_EXCEEDED' });
    while (finished.length === 0) await delay(5);
    assert.equal(finished[0]?.status, 'DEADLINE_EXCEEDED');
  });

  it('cancel a call, and a cut upload is no complete one', async () => {
    const controller = new AbortController();
    const options = { signal: controller.signal };
    const call = createClient(Volumes, channel).uploadVolume(upload(50), options);
    setTimeout(() => controller.abort(), 200);
    await assert.rejects(call, { reason: 'CANCELLED' });
    while (finished.length === 0) await delay(5);
    assert.equal(finished[0]?.status, 'CANCELLED');
  });

  it('hold a sender back while the reader is busy', async () => {
    const call = createClient(Volumes, channel).uploadVolume(upload(200));
    await delay(300);
    assert.ok(sent < 40, `${sent} chunks were taken while one was being read`);
    assert.equal((await call).volumeId, String(200 * CHUNK_BYTES));
  });

  it('tell health by Check, List and Watch', async () => {
    const health = createClient(HealthDefinition, channel);
    assert.equal((await health.check({})).status, Serving.NOT_SERVING);
    await assert.rejects(health.check({ service: 'nobody' }), /unknown service/);
    const seen: number[] = [];
    const watching = (async () => {
      for await (const { status } of health.watch({ service: Models.fullName })) seen.push(status);
    })();
    while (seen.length === 0) await delay(5);
    server.health.setServing(true);
    while (seen.length === 1) await delay(5);
    assert.equal((await health.check({ service: Models.fullName })).status, Serving.SERVING);
    assert.deepEqual(Object.keys((await health.list({})).statuses).sort(), [
      '',
      Models.fullName,
      Volumes.fullName,
    ]);
    await server.drain();
    await watching;
    assert.deepEqual(seen, [Serving.NOT_SERVING, Serving.SERVING, Serving.NOT_SERVING]);
  });

  it('name a port that is taken, and the flag', async () => {
    const second = startServer({
      address: `127.0.0.1:${server.port}`,
      flag: '--grpc-port',
      services: [],
      add() {},
      serving: true,
      onFinished() {},
    });
    await assert.rejects(second, (error) => {
      assert.ok(error instanceof SextantError, String(error));
      assert.equal(error.reason, 'PORT_TAKEN');
      assert.match(error.message, new RegExp(`^--grpc-port: .*:${server.port}`));
      return true;
    });
  });

  it('say that nobody is there', async () => {
    const nobody = openChannel('127.0.0.1:1');
    await assert.rejects(waitUntilConnected(nobody, 200), { reason: 'SERVICE_UNAVAILABLE' });
    await assert.rejects(createClient(Models, nobody).listModels({}), {
      reason: 'SERVICE_UNAVAILABLE',
    });
    nobody.close();
  });
});
