import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { LARGEST_POINT_COUNT, SMALLEST_POINT_COUNT } from '#geometry';
import { HTTP_BODY_BYTES } from '#host';
import { PointSpace } from '#proto/sextant/v1/annotation';
import { CHUNK_BYTES } from '#rpc';
import { declaredLimits } from '../../scripts/declared-limits.ts';
import { HTTP_CONNECTIONS_LIMIT, HTTP_HEAD_BYTES } from '../../services/gateway/src/limits.ts';
import { openSocket, rawHttp, statusOf } from './raw-http.ts';
import { CLICKS, SAMPLE, type Services, startServices } from './running.ts';

const ROOT = join(import.meta.dirname, '../..');
const MIB = 1024 ** 2;
const STORE_LIMIT = 8 * MIB;
const UPLOADS_PER_PEER = 3;
const SESSIONS_PER_PEER = 2;

/** A test elsewhere that goes to a limit and beyond, by its file and what its title contains. */
type Elsewhere = readonly [file: string, title: string];

/** Limits whose own test lies beside what they bound, or needs more than this file's services. */
const ELSEWHERE: Record<string, Elsewhere> = {
  LARGEST_TEXT_HEADER_BYTES: ['packages/volume/bytes/text-header.test.ts', 'beyond its limit'],
  MOST_VOXELS: [
    'packages/transforms/chain/compile-preparation.test.ts',
    'refuses sizes that cannot be',
  ],
  LONGEST_AXIS: ['packages/transforms/chain/impossible-chains.test.ts', 'than there may be'],
  MOST_CHANNELS: ['packages/transforms/chain/impossible-chains.test.ts', 'without end'],
  MOST_LABELS: ['packages/transforms/chain/impossible-chains.test.ts', 'than a byte has labels'],
  LONGEST_NAME: ['packages/transforms/field-names.test.ts', 'never lead a file elsewhere'],
  MOST_FILES: ['packages/conversion/archive/unpack.test.ts', 'more files, bytes or letters'],
  LARGEST_UNPACKED_BYTES: ['packages/conversion/archive/unpack.test.ts', 'more files, bytes'],
  LONGEST_NAME_BYTES: ['test/services/conversion.test.ts', 'refuses by name what it cannot use'],
  CONVERSIONS_LIMIT: ['test/services/conversion.test.ts', 'so many conversions at once'],
  MEMORY_PART: ['services/data-convert/src/memory-budget.test.ts', 'more than all of it'],
  MEMORY_LIMIT_BYTES: ['cli/dataconvert/admission.test.ts', 'weighs more than all alone'],
  LONGEST_WORD: ['packages/errors/nearest.test.ts', 'does not compare a word of 4 MB'],
  SHORTENED_CHARACTERS: ['packages/errors/shortened.test.ts', 'cuts after 80 characters'],
  DRAIN_SECONDS: ['test/supervision.test.ts', 'SIGTERM cuts what runs at the limit'],
  ORPHAN_DRAIN_MS: ['test/supervision.test.ts', 'a supervisor that is killed leaves no orphan'],
  STREAM_IDLE_SECONDS: ['packages/rpc/stream-watch.test.ts', 'cuts an upload that sends nothing'],
  STREAM_PACE_BYTES: ['packages/rpc/stream-watch.test.ts', 'brings a byte now and then'],
  CACHE_LIMIT_BYTES: ['packages/annotation/volume-cache.test.ts', 'refuses what does not fit'],
  WAITING_LIMIT: ['packages/models/turns.test.ts', 'refuse more than may wait'],
  MESSAGE_BYTES: ['packages/rpc/call-limits.test.ts', 'a message of as many bytes as may be'],
  METADATA_BYTES: ['packages/rpc/call-limits.test.ts', 'metadata of as many bytes as may be'],
  CALLS_LIMIT: ['packages/rpc/call-limits.test.ts', 'the server has so many calls open'],
  STREAMS_LIMIT: ['packages/rpc/call-limits.test.ts', 'one connection has so many calls open'],
  CONNECTIONS_LIMIT: ['packages/rpc/connection-limit.test.ts', 'up to their limit and not beyond'],
  CONNECTION_IDLE_MS: ['packages/rpc/connection-limit.test.ts', 'closed when they are idle'],
  RESETS_BURST: ['packages/rpc/reset-limit.test.ts', 'loses none of its other calls'],
  RESETS_PER_SECOND: ['packages/rpc/reset-limit.test.ts', 'loses none of its other calls'],
  DETAIL_BYTES: ['packages/rpc/status.test.ts', 'keeps a very long value out of the trailer'],
  SOCKET_PATH_BYTES: ['packages/rpc/socket-file.test.ts', 'cannot have a path too long'],
  'STORE_LIMITS.sessionMs': ['packages/store/retention.test.ts', 'a day after its last call'],
  'STORE_LIMITS.volumeMs': ['packages/store/retention.test.ts', 'keeps a volume for a day'],
  'STORE_LIMITS.uploadMs': ['packages/store/retention.test.ts', 'forgets an unfinished upload'],
  'STORE_LIMITS.expiredSessionMs': ['packages/store/retention.test.ts', 'every call slides it'],
  'STORE_LIMITS.uploadLimitBytes': ['packages/store/store.test.ts', 'up to the limit of one file'],
  'STORE_LIMITS.openUploads': ['packages/store/store.test.ts', 'bounds the uploads'],
  'STORE_LIMITS.diskReserveBytes': ['packages/store/store.test.ts', 'not more than the disk has'],
  STORE_PATIENCE_MS: ['packages/store/store.test.ts', 'lets one process at a time write'],
  DEFAULT_VOLUME_LIMIT_BYTES: ['packages/volume/nifti/hostile.test.ts', 'beyond the limit'],
  LARGEST_TRAILER_BYTES: ['packages/volume/nifti/hostile.test.ts', 'behind the voxels'],
  LARGEST_AFFINE_DIFFERENCE_MM: ['packages/volume/nifti/header-affine.test.ts', 'from 1e-3 mm'],
  LARGEST_NIFTI1_DIM: ['packages/volume/nifti/write.test.ts', 'axes that NIfTI-1 cannot count'],
  LIST_MODELS_MS: ['packages/rpc/server.test.ts', 'end a call at its deadline'],
  START_PATIENCE_MS: ['services/gateway/src/readiness.test.ts', 'as long as was said'],
  GRID_AXIS_LIMIT: ['packages/models/network-grid.test.ts', 'as many voxels along an axis'],
};

describe('limits', function () {
  this.timeout(60_000);
  let services: Services;
  /** Bounds of time are waited for while the others are tested. */
  let slow: Record<'HTTP_HEAD_MS' | 'HTTP_REQUEST_MS' | 'HTTP_KEEP_ALIVE_MS', Promise<string>>;

  before(async () => {
    services = await startServices({
      storeLimit: STORE_LIMIT,
      uploadsPerPeer: UPLOADS_PER_PEER,
      sessionsPerPeer: SESSIONS_PER_PEER,
    });
    slow = {
      HTTP_HEAD_MS: answerTo('GET /healthz HTTP/1.1\r\nHost: loc'),
      HTTP_REQUEST_MS: answerTo(`POST /v1/models HTTP/1.1\r\nHost: localhost\r\n${JSON_BODY(9)}{`),
      HTTP_KEEP_ALIVE_MS: answerTo('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'),
    };
  });
  after(() => services?.stop());
  afterEach('the server is well', async () => {
    assert.equal((await services.models.listModels({})).models.length, 2);
    assert.equal((await fetch(`${services.http}/healthz`)).status, 200);
  });

  /** Everything that comes back on a connection until the server closes it. */
  async function answerTo(sent: string): Promise<string> {
    const socket = await openSocket(services.httpPort);
    socket.write(sent);
    return await text(socket).catch(() => '');
  }

  const click = async (sessionId: string, count: number) => {
    const points = Array.from(
      { length: count },
      (_, at) => CLICKS[at % CLICKS.length] ?? CLICKS[0],
    );
    const space = PointSpace.POINT_SPACE_INDEX;
    const wanted = { sessionId, model: 'annotation_any', points, space };
    for await (const _ of services.annotations.annotate(wanted as never));
  };
  /** Opens a session for one test, so that the bound of sessions is met by its own test alone. */
  const inSession = async (work: (sessionId: string) => Promise<unknown>) => {
    const sessionId = await services.open(SAMPLE);
    await work(sessionId);
    await services.sessions.deleteSession({ sessionId });
  };
  const upload = (size: number, chunk: number) => {
    async function* messages(uploadId: string) {
      yield { part: { $case: 'header' as const, value: { uploadId, offsetBytes: 0 } } };
      for (let at = 0; at < size; at += chunk) {
        const value = new Uint8Array(Math.min(chunk, size - at));
        yield { part: { $case: 'chunk' as const, value } };
      }
    }
    return services.volumes
      .createUpload({ sizeBytes: size })
      .then(({ uploadId }) => services.volumes.uploadVolume(messages(uploadId)));
  };

  /** By the names of the limits: a client at the bound, and one beyond. */
  const HERE: Record<string, () => Promise<unknown>> = {
    SMALLEST_POINT_COUNT: () =>
      inSession(async (sessionId) => {
        await click(sessionId, SMALLEST_POINT_COUNT);
        const few = click(sessionId, SMALLEST_POINT_COUNT - 1);
        await assert.rejects(few, { reason: 'POINTS_TOO_FEW' });
      }),
    LARGEST_POINT_COUNT: () =>
      inSession(async (sessionId) => {
        await click(sessionId, LARGEST_POINT_COUNT);
        const many = click(sessionId, LARGEST_POINT_COUNT + 1);
        await assert.rejects(many, { reason: 'POINTS_TOO_MANY' });
      }),
    async CHUNK_BYTES() {
      await upload(2 * CHUNK_BYTES, CHUNK_BYTES);
      const large = upload(2 * CHUNK_BYTES, CHUNK_BYTES + 1);
      await assert.rejects(large, { reason: 'ARGUMENT_INVALID', subject: 'chunk' });
    },
    async REQUEST_ID() {
      for (const length of [64, 65]) {
        const requestId = 'r'.repeat(length);
        await services.models.listModels({}, { requestId });
        const taken = services.lines.some((line) => line.requestId === requestId);
        assert.equal(taken, length === 64, `${length} characters`);
      }
    },
    async STORE_LIMIT_BYTES() {
      const { volumes } = services;
      const beyond = volumes.createUpload({ sizeBytes: STORE_LIMIT + 1 });
      await assert.rejects(beyond, { reason: 'STORE_FULL' });
      await volumes.createUpload({ sizeBytes: MIB });
    },
    async 'STORE_LIMITS.uploadsPerPeer'() {
      const { volumes } = services;
      const open = () => volumes.createUpload({ sizeBytes: 10 });
      let opened = 0;
      const refusal = await untilRefused(async () => {
        await open();
        opened += 1;
      });
      assert.ok(opened <= UPLOADS_PER_PEER, `${opened} were opened`);
      assert.equal(refusal.reason, 'LIMIT_EXCEEDED');
      assert.ok((refusal.retryAfterMs ?? 0) > 0, 'a delay is told');
    },
    async 'STORE_LIMITS.sessionsPerPeer'() {
      const own = await startServices({ sessionsPerPeer: SESSIONS_PER_PEER });
      try {
        const { receipt } = await own.upload(SAMPLE);
        const open = () => own.sessions.createSession({ receipt });
        const { session } = await open();
        for (let count = 1; count < SESSIONS_PER_PEER; count++) await open();
        await assert.rejects(open(), { reason: 'LIMIT_EXCEEDED' });
        await own.sessions.deleteSession({ sessionId: session?.sessionId ?? '' });
        await open();
      } finally {
        await own.stop();
      }
    },
    async HTTP_HEAD_BYTES() {
      const get = async (bytes: number) => {
        const lines = ['GET /healthz HTTP/1.1', 'Host: localhost', 'Connection: close'];
        return statusOf(await rawHttp(services.httpPort, [...lines, `X: ${'x'.repeat(bytes)}`]));
      };
      assert.equal(await get(HTTP_HEAD_BYTES - 200), 200);
      assert.equal(await get(HTTP_HEAD_BYTES), 431);
    },
    async HTTP_BODY_BYTES() {
      const post = async (bytes: number) => {
        const head = ['POST /v1/models HTTP/1.1', 'Host: localhost', 'Connection: close'];
        const body = JSON.stringify('x'.repeat(bytes - 2));
        const lines = [...head, `${JSON_BODY(bytes)}${body}`];
        return statusOf(await rawHttp(services.httpPort, lines));
      };
      assert.equal(await post(HTTP_BODY_BYTES), 405);
      assert.equal(await post(HTTP_BODY_BYTES + 1), 413);
    },
    async HTTP_CONNECTIONS_LIMIT() {
      const sockets: Socket[] = [];
      let cut = 0;
      for (let count = 0; count <= HTTP_CONNECTIONS_LIMIT; count++) {
        const socket = await openSocket(services.httpPort);
        socket.resume().once('close', () => (cut += 1));
        sockets.push(socket);
      }
      await delay(300);
      assert.ok(cut > 0, 'one too many is cut');
      assert.ok(cut < HTTP_CONNECTIONS_LIMIT / 2, `${cut} were cut`);
      const gone = sockets.map((socket) => socket.destroyed || once(socket, 'close'));
      for (const socket of sockets) socket.destroy();
      await Promise.all(gone);
      await delay(100);
    },
    async HTTP_HEAD_MS() {
      assert.equal(statusOf(await slow.HTTP_HEAD_MS), 408);
    },
    async HTTP_KEEP_ALIVE_MS() {
      assert.equal(statusOf(await slow.HTTP_KEEP_ALIVE_MS), 200);
    },
    async HTTP_REQUEST_MS() {
      assert.equal(statusOf(await slow.HTTP_REQUEST_MS), 408);
    },
  };

  const bounds = declaredLimits().limits.filter(({ beyond }) => beyond !== undefined);

  it('are each tested, at the bound and beyond, here or where it says', () => {
    const names = bounds.map(({ name }) => name).sort();
    assert.deepEqual([...Object.keys(HERE), ...Object.keys(ELSEWHERE)].sort(), names);
  });

  it('have the tests that are named', () => {
    for (const [name, [file, title]] of Object.entries(ELSEWHERE)) {
      const source = readFileSync(join(ROOT, file), 'utf8');
      const titles = [...source.matchAll(/\b(?:it|describe)\(\s*(['"`])(.*?)\1,/gs)];
      assert.ok(
        titles.some(([, , own]) => own?.includes(title)),
        `${name}: ${file}: ${title}`,
      );
    }
  });

  for (const [name, work] of Object.entries(HERE)) {
    it(`${name} holds, and what is within it works`, work);
  }
});

const JSON_BODY = (bytes: number) =>
  `Content-Type: application/json\r\nContent-Length: ${bytes}\r\n\r\n`;

interface Refusal {
  readonly reason?: string;
  readonly retryAfterMs?: number;
}

async function untilRefused(work: () => Promise<void>): Promise<Refusal> {
  for (let tries = 0; tries < 100; tries++) {
    try {
      await work();
    } catch (error) {
      return error as Refusal;
    }
  }
  return {};
}
