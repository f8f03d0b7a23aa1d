import assert from 'node:assert/strict';
import type { ClientHttp2Session } from 'node:http2';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { SextantError } from '#errors';
import {
  ListModelsRequest,
  type ModelServiceImplementation,
  ModelServiceDefinition as Models,
} from '#proto/sextant/v1/model';
import type { CallInfo, FinishedCall } from './calls.ts';
import { CALLS_LIMIT, MESSAGE_BYTES, METADATA_BYTES, STREAMS_LIMIT } from './limits.ts';
import { type RpcServer, startServer } from './server.ts';
import { framed, openSession, type RawCall, rawCall } from './testing/raw-call.ts';

const LIST = '/sextant.v1.ModelService/ListModels';
const WATCH = '/grpc.health.v1.Health/Watch';
const NOTHING = framed(new Uint8Array());

describe('limits of a call', () => {
  let server: RpcServer;
  let seenLabel: string;
  let finished: FinishedCall[];
  const sessions: ClientHttp2Session[] = [];

  const models: ModelServiceImplementation<CallInfo> = {
    async listModels({ label }) {
      seenLabel = label;
      return { models: [] };
    },
    getModel: async () => ({}),
  };
  beforeEach(async () => {
    seenLabel = '';
    finished = [];
    server = await startServer({
      address: '127.0.0.1:0',
      flag: '--grpc-port',
      services: [Models.fullName],
      add: (target) => target.add(Models, models),
      serving: true,
      onFinished: (call) => finished.push(call),
    });
  });
  afterEach(async () => {
    for (const session of sessions.splice(0)) session.destroy();
    server.abandon();
    await server.drain();
  });

  async function open(): Promise<ClientHttp2Session> {
    const session = await openSession(server.port);
    sessions.push(session);
    return session;
  }

  /** Sends a ListModels request of these bytes on a connection of its own. */
  async function send(
    body: Uint8Array,
    headers: Record<string, string> = {},
  ): Promise<SextantError | undefined> {
    return await rawCall(await open(), LIST, { body, headers }).error;
  }

  it('a message of as many bytes as may be arrives; of one more, it is refused with its reason', async () => {
    assert.equal(await send(framed(requestOf(MESSAGE_BYTES))), undefined);
    assert.ok(seenLabel.length > MESSAGE_BYTES - 20, 'it arrived whole');
    const error = await send(framed(requestOf(MESSAGE_BYTES + 1)), { 'x-request-id': 'long-1' });
    assert.equal(error?.reason, 'LIMIT_EXCEEDED');
    assert.equal(error.subject, 'message');
    assert.match(error.expected, /4194304/);
    assert.equal(await send(NOTHING), undefined);
  });

  it('a message that inflates beyond the limit is refused likewise', async () => {
    const bomb = framed(gzipSync(Buffer.alloc(8 * MESSAGE_BYTES)), { compressed: true });
    assert.ok(bomb.length < MESSAGE_BYTES);
    const error = await send(bomb, { 'grpc-encoding': 'gzip' });
    assert.equal(error?.reason, 'LIMIT_EXCEEDED');
    assert.equal(error.subject, 'message');
  });

  it("bytes that are no message are the caller's mistake, not ours", async () => {
    for (const [bytes, headers] of [
      [framed(Uint8Array.of(0xff, 0xff, 0xff)), {}],
      [framed(Uint8Array.of(1, 2, 3), { compressed: true }), { 'grpc-encoding': 'gzip' }],
    ] as const) {
      assert.equal((await send(bytes, headers))?.reason, 'ARGUMENT_INVALID');
    }
  });

  it('metadata of as many bytes as may be arrives, more is refused', async () => {
    assert.equal(await send(NOTHING, { 'x-padding': 'x'.repeat(METADATA_BYTES - 500) }), undefined);
    const error = await send(NOTHING, { 'x-padding': 'x'.repeat(METADATA_BYTES) });
    assert.equal(error?.reason, 'LIMIT_EXCEEDED');
    assert.equal(error.subject, 'metadata');
    assert.ok(await send(NOTHING, { 'x-padding': 'x'.repeat(80 * 1024) }), "HTTP/2's own limit");
    assert.equal(await send(NOTHING), undefined);
  });

  it('one connection has so many calls open; the next waits until one has ended', async () => {
    const session = await open();
    const watches = await openWatches(session, STREAMS_LIMIT);
    const next = rawCall(session, WATCH, { body: NOTHING });
    assert.equal(await Promise.race([next.headers, delay(300, 'waits')]), 'waits');
    watches[0]?.stream.close();
    assert.equal((await next.headers)[':status'], 200);
  });

  it('the server has so many calls open; the next is told when to try again', async () => {
    for (let count = 0; count < CALLS_LIMIT; count += STREAMS_LIMIT) {
      await openWatches(await open(), STREAMS_LIMIT);
    }
    const error = await send(NOTHING);
    assert.equal(error?.reason, 'LIMIT_EXCEEDED');
    assert.equal(error.retryAfterMs, 1000);
    for (const session of sessions.splice(0)) session.destroy();
    for (let tries = 0; (await send(NOTHING)) !== undefined; tries++) {
      assert.ok(tries < 50, 'calls that have ended count on');
      await delay(100);
    }
  });
});

/** A request whose message has exactly this many bytes. */
function requestOf(size: number): Uint8Array {
  const encode = (length: number) =>
    ListModelsRequest.encode({ type: 0, label: 'x'.repeat(length) }).finish();
  const overhead = encode(size - 10).length - (size - 10);
  const bytes = encode(size - overhead);
  assert.equal(bytes.length, size);
  return bytes;
}

async function openWatches(session: ClientHttp2Session, count: number): Promise<RawCall[]> {
  session.setMaxListeners(0);
  const calls = Array.from({ length: count }, () => rawCall(session, WATCH, { body: NOTHING }));
  for (const call of calls) assert.equal((await call.headers)[':status'], 200);
  return calls;
}
