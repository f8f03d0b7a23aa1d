import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type ClientHttp2Session, constants } from 'node:http2';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ReadyMessage } from '#host';
import { HealthDefinition } from '#proto/grpc/health/v1/health';
import { VolumeServiceDefinition } from '#proto/sextant/v1/volume';
import { createClient, openChannel } from '#rpc';
import { framed, openSession, rawCall } from '../../packages/rpc/testing/raw-call.ts';
import { openSocket } from './raw-http.ts';

const ROOT = join(import.meta.dirname, '../..');
const MIB = 1024 ** 2;
/** How much of the process's memory may be left behind: its heap grows under load and stays. */
const MEMORY_LEFT_BYTES = 192 * MIB;
const STREAM_IDLE_SECONDS = 2;

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const UPLOAD = '/sextant.v1.VolumeService/UploadVolume';
const GET_UPLOAD = '/sextant.v1.VolumeService/GetUpload';

describe('clients of gRPC that keep to no rule', function () {
  this.timeout(60_000);
  let folder: string;
  let gateway: ChildProcess;
  let port: number;
  const sockets: Socket[] = [];
  const sessions: ClientHttp2Session[] = [];

  before(async () => {
    assert.ok(existsSync(join(ROOT, 'dist/gateway/main.js')), 'run `npm run build`');
    folder = mkdtempSync(join(tmpdir(), 'sextant-hostile-'));
    const ports = ['--grpc-port', '0', '--http-port', '0'];
    const nobody = ['--inference', `unix:${join(folder, 'nobody.sock')}`];
    const idle = ['--stream-idle-seconds', String(STREAM_IDLE_SECONDS)];
    gateway = spawn(
      process.execPath,
      [join(ROOT, 'dist/gateway/main.js'), ...ports, ...nobody, ...idle, '--log-level', 'error'],
      { cwd: folder, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
    );
    const [message] = await Promise.race([once(gateway, 'message'), once(gateway, 'exit')]);
    port = (message as ReadyMessage | undefined)?.grpcPort ?? assert.fail('it did not start');
    await assertWell();
  });
  after(async () => {
    gateway?.kill('SIGKILL');
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });
  afterEach('the server is well, and holds no more than before', async () => {
    await assertWell();
    for (const session of sessions.splice(0)) session.destroy();
    for (const socket of sockets.splice(0)) socket.destroy();
    await assertWell();
  });

  async function assertWell(): Promise<void> {
    assert.equal(gateway.exitCode ?? gateway.signalCode, null, 'it runs');
    const channel = openChannel(`127.0.0.1:${port}`);
    try {
      await createClient(HealthDefinition, channel).check({}, { deadlineMs: 10_000 });
      const volumes = createClient(VolumeServiceDefinition, channel);
      const { uploadId } = await volumes.createUpload({ sizeBytes: 1 }, { deadlineMs: 10_000 });
      const bytes = { part: { $case: 'chunk' as const, value: Uint8Array.of(1) } };
      const header = { part: { $case: 'header' as const, value: { uploadId, offsetBytes: 0 } } };
      async function* messages() {
        yield header;
        yield bytes;
      }
      await volumes.uploadVolume(messages(), { deadlineMs: 10_000 });
    } finally {
      channel.close();
    }
  }

  const descriptors = () => readdirSync(`/proc/${gateway.pid}/fd`).length;
  const memoryBytes = () => {
    const status = readFileSync(`/proc/${gateway.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
  };
  async function fallsTo(most: number, read: () => number, what: string): Promise<void> {
    for (let tries = 0; read() > most; tries++) {
      assert.ok(tries < 100, `${read()} ${what}, expected at most ${most}`);
      await delay(100);
    }
  }

  /** Runs an attack and sees what it took come back. */
  async function attack(work: () => Promise<void>): Promise<void> {
    const [files, memory] = [descriptors(), memoryBytes()];
    await work();
    await assertWell();
    for (const session of sessions.splice(0)) session.destroy();
    for (const socket of sockets.splice(0)) socket.destroy();
    await fallsTo(files + 2, descriptors, 'descriptors');
    await fallsTo(memory + MEMORY_LEFT_BYTES, memoryBytes, 'bytes');
  }

  async function socketThatSends(bytes: Uint8Array): Promise<Socket> {
    const socket = await openSocket(port);
    sockets.push(socket);
    socket.resume().write(bytes);
    return socket;
  }

  async function session(): Promise<ClientHttp2Session> {
    const opened = await openSession(port);
    sessions.push(opened);
    return opened;
  }

  const allClosed = (opened: readonly Socket[]) =>
    Promise.all(opened.map((socket) => socket.closed || once(socket, 'close')));

  it('send bytes that are no HTTP/2: cut', () =>
    attack(async () => {
      const attempts = Array.from({ length: 100 }, () => randomBytes(1 + Math.random() * 4096));
      attempts.push(Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'));
      attempts.push(Buffer.concat([PREFACE, randomBytes(4096)]));
      attempts.push(Buffer.concat([PREFACE, frame(0x77, 16 * MIB - 1)]));
      await allClosed(await Promise.all(attempts.map(socketThatSends)));
    }));

  it('connect and say nothing: cut when they answer no ping', () =>
    attack(async () => {
      const silent = [];
      for (let count = 0; count < 300; count++) silent.push(await socketThatSends(Buffer.alloc(0)));
      await assertWell();
      await allClosed(silent);
    }));

  it('open thousands of calls and send nothing: cut, those that were refused too', () =>
    attack(async () => {
      const calls = [];
      for (let connection = 0; connection < 4; connection++) {
        const opened = await session();
        opened.setMaxListeners(0);
        for (let count = 0; count < 1000; count++) calls.push(rawCall(opened, UPLOAD));
      }
      await delay(500);
      const ended = await Promise.all(calls.map(({ error }) => error));
      assert.ok(
        ended.every((error) => error !== undefined),
        'none is answered as if it were whole',
      );
    }));

  it('begin calls and reset them, thousands of times', () =>
    attack(async () => {
      for (let connection = 0; connection < 3; connection++) {
        const opened = await session();
        opened.setMaxListeners(0);
        for (let count = 0; count < 1500 && !opened.closed && !opened.destroyed; count++) {
          const { stream } = rawCall(opened, GET_UPLOAD, { body: framed(new Uint8Array()) });
          stream.close(constants.NGHTTP2_CANCEL);
          if (count % 100 === 0) await delay(1);
        }
      }
    }));

  it('ping without end and read nothing', () =>
    attack(async () => {
      const socket = await openSocket(port);
      sockets.push(socket);
      socket.pause();
      socket.write(Buffer.concat([PREFACE, frame(4, 0)]));
      const pings = Buffer.concat(Array.from({ length: 1000 }, () => frame(6, 8, Buffer.alloc(8))));
      for (let count = 0; count < 200 && !socket.destroyed; count++) {
        if (!socket.write(pings)) await drained(socket);
      }
    }));

  it('send headers without end', () =>
    attack(async () => {
      const socket = await socketThatSends(Buffer.concat([PREFACE, frame(4, 0)]));
      // HEADERS without END_HEADERS, and CONTINUATION for ever: literal fields of a letter each.
      const field = Buffer.from([0x00, 1, 0x61, 1, 0x62]);
      const fields = Buffer.concat(Array.from({ length: 3000 }, () => field));
      const stream = 1;
      socket.write(frame(1, fields.length, fields, stream));
      const more = frame(9, fields.length, fields, stream);
      for (let count = 0; count < 2000 && !socket.destroyed; count++) {
        if (!socket.write(more)) await drained(socket);
      }
      assert.ok(socket.destroyed || socket.closed, 'it is cut');
    }));
});

/** Room for more, or a moment later: a server that takes nothing more is what is wanted. */
async function drained(socket: Socket): Promise<void> {
  await Promise.race([once(socket, 'drain').catch(() => {}), delay(50)]);
}

/** A frame of HTTP/2 of this type, with the length that its head claims. */
function frame(type: number, length: number, payload = Buffer.alloc(0), stream = 0): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}
