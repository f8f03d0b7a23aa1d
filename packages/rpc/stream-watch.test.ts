import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, constants } from 'node:http2';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { AnnotationServiceDefinition } from '#proto/sextant/v1/annotation';
import { VolumeServiceDefinition } from '#proto/sextant/v1/volume';
import type { FinishedCall } from './calls.ts';
import { splitStream } from './chunks.ts';
import { createClient, openChannel } from './client.ts';
import { CHUNK_BYTES, STREAM_WINDOW_BYTES } from './limits.ts';
import { type RpcServer, startServer } from './server.ts';

const IDLE_MS = 600;
/** What a busy machine may take longer. */
const LATER_MS = 5000;
const CHUNKS = 60;

const header = { part: { $case: 'header' as const, value: { uploadId: 'u', offsetBytes: 0 } } };
const chunk = (bytes: number) => ({
  part: { $case: 'chunk' as const, value: new Uint8Array(bytes) },
});

describe('a server whose caller is slow', () => {
  let server: RpcServer;
  let channel: ReturnType<typeof openChannel>;
  let finished: FinishedCall[];
  let yielded: number;
  let ended: boolean;
  let received: number;
  let waits: boolean;

  beforeEach(async () => {
    finished = [];
    yielded = 0;
    received = 0;
    waits = false;
    ended = false;
    server = await startServer({
      address: '127.0.0.1:0',
      flag: '--grpc-port',
      services: [AnnotationServiceDefinition.fullName, VolumeServiceDefinition.fullName],
      add(target) {
        target.add(AnnotationServiceDefinition, { annotate: () => mask() });
        target.add(VolumeServiceDefinition, {
          createUpload: async () => ({}),
          proveVolume: async () => ({}),
          // Waits for nobody but itself: no stream is idle meanwhile.
          async getUpload(_request, { signal }) {
            waits = true;
            await delay(60_000, undefined, { signal, ref: false });
            return {};
          },
          async uploadVolume(requests, { signal }) {
            const { chunks } = await splitStream(requests, signal);
            for await (const { length } of chunks) received += length;
            return { volumeId: String(received) };
          },
        });
      },
      serving: true,
      onFinished: (call) => finished.push(call),
      streamIdleMs: IDLE_MS,
    });
    channel = openChannel(`127.0.0.1:${server.port}`);
  });
  afterEach(async () => {
    channel.close();
    server.abandon();
    await server.drain();
  });

  async function* mask() {
    try {
      for (; yielded < CHUNKS; yielded++) {
        const data = new Uint8Array(CHUNK_BYTES);
        yield { event: { event: { $case: 'maskChunk' as const, value: { data } } } };
      }
    } finally {
      ended = true;
    }
  }

  const cutCall = async (): Promise<FinishedCall> => {
    const lastMs = performance.now() + IDLE_MS + LATER_MS;
    while (finished.length === 0) {
      assert.ok(performance.now() < lastMs, 'the call was not cut');
      await delay(10);
    }
    return finished[0] ?? assert.fail();
  };

  it('cuts an upload that sends nothing, tells it why, and keeps what came', async () => {
    async function* stalling() {
      yield header;
      for (let n = 0; n < 3; n++) yield chunk(CHUNK_BYTES);
      await delay(60_000, undefined, { ref: false });
    }
    const upload = createClient(VolumeServiceDefinition, channel).uploadVolume(stalling());
    await assert.rejects(upload, { reason: 'STREAM_STALLED', code: 'DEADLINE_EXCEEDED' });
    assert.equal(received, 3 * CHUNK_BYTES);
    assert.equal((await cutCall()).reason, 'STREAM_STALLED');
  });

  it('cuts an upload that brings a byte now and then', async () => {
    async function* trickling() {
      yield header;
      for (;;) {
        await delay(IDLE_MS / 10, undefined, { ref: false });
        yield chunk(1);
      }
    }
    const upload = createClient(VolumeServiceDefinition, channel).uploadVolume(trickling());
    await assert.rejects(upload, { reason: 'STREAM_STALLED' });
    assert.ok(received > 1, 'it was not silence that was cut');
  });

  it('leaves an upload alone whose chunks come slowly and in pieces', async () => {
    async function* slow() {
      yield header;
      for (let n = 0; n < 4; n++) {
        await delay(IDLE_MS / 2);
        yield chunk(CHUNK_BYTES / 8);
      }
    }
    await createClient(VolumeServiceDefinition, channel).uploadVolume(slow());
  });

  it('cuts a reader that takes nothing, and holds a few chunks for it until then', async () => {
    const { stream, closed } = annotateWith(server.port);
    stream.pause();
    const { reason, status } = await cutCall();
    assert.deepEqual({ reason, status }, { reason: 'STREAM_STALLED', status: 'DEADLINE_EXCEEDED' });
    assert.ok(ended, 'what the call held is let go');
    assert.ok(yielded <= 6, `${yielded} chunks were made for a reader that takes none`);
    stream.resume();
    assert.equal(await closed, constants.NGHTTP2_ENHANCE_YOUR_CALM);
  });

  it('serves a slow reader to the end, and stays a few chunks ahead of it', async () => {
    let read = 0;
    let mostAhead = 0;
    for await (const _ of createClient(AnnotationServiceDefinition, channel).annotate({})) {
      read += 1;
      mostAhead = Math.max(mostAhead, yielded - read);
      if (read % 12 === 0) await delay(IDLE_MS / 2);
    }
    assert.equal(read, CHUNKS);
    assert.ok(mostAhead <= 10, `${mostAhead} chunks were ahead of the reader`);
  });

  it('lets an upload send more at once than HTTP/2 begins with', async () => {
    const path = `/${VolumeServiceDefinition.fullName}/UploadVolume`;
    const { stream, session, closed } = openStream(server.port, path);
    const lastMs = performance.now() + LATER_MS;
    while (session.remoteSettings.initialWindowSize !== STREAM_WINDOW_BYTES) {
      assert.ok(performance.now() < lastMs, 'the window was not widened');
      await delay(5);
    }
    stream.close();
    await closed;
  });

  it('cuts a call whose message never comes', async () => {
    assert.equal(await openStream(server.port).closed, constants.NGHTTP2_CANCEL);
  });

  it('notices a peer that is gone without a word', async () => {
    const proxy = await muteProxy(server.port);
    const far = openChannel(`127.0.0.1:${proxy.port}`);
    const waiting = createClient(VolumeServiceDefinition, far).getUpload({});
    waiting.catch(() => undefined);
    while (!waits) await delay(10);
    proxy.mute();
    assert.equal((await cutCall()).status, 'CANCELLED');
    far.close();
    proxy.close();
  });
});

/** A call as a raw client makes it, that decides by itself what it sends and reads. */
function openStream(port: number, path = `/${AnnotationServiceDefinition.fullName}/Annotate`) {
  const session = connect(`http://127.0.0.1:${port}`);
  session.on('error', () => undefined);
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  stream.on('error', () => undefined);
  const closed = new Promise<number>((resolve) => {
    stream.once('close', () => {
      session.destroy();
      resolve(stream.rstCode ?? 0);
    });
  });
  return { stream, session, closed };
}

function annotateWith(port: number) {
  const opened = openStream(port);

  // An empty message: not compressed, of no bytes.
  opened.stream.end(Buffer.alloc(5));
  return opened;
}

/** Forwards bytes until it is muted; then it takes them and keeps them, as a cut cable does. */
async function muteProxy(port: number) {
  let muted = false;
  const sockets: Socket[] = [];
  const proxy: Server = createServer((near) => {
    const far = createConnection({ port, host: '127.0.0.1' });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.push(from);
      from.on('error', () => undefined);
      from.on('data', (bytes) => {
        if (!muted) to.write(bytes);
      });
    }
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : assert.fail(),
    mute() {
      muted = true;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      proxy.close();
    },
  };
}
