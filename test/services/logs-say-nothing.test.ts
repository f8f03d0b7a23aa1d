import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ReadyMessage } from '#host';
import { AnnotationServiceDefinition, PointSpace } from '#proto/sextant/v1/annotation';
import { ModelServiceDefinition } from '#proto/sextant/v1/model';
import { SessionServiceDefinition } from '#proto/sextant/v1/session';
import { VolumeServiceDefinition } from '#proto/sextant/v1/volume';
import { createClient, openChannel } from '#rpc';
import { niftiFile } from '../../cli/testing/nifti-file.ts';
import { rawHttp } from './raw-http.ts';
import { CLICKS, POOL, SAMPLE, uploadMessages } from './running.ts';

const ROOT = join(import.meta.dirname, '../..');

/** What stands in images, in their names and in requests, and must not stand in a log. */
const PATIENT = {
  description: 'QDOE^JANE',
  auxiliary: 'QAUX19400101',
  database: 'QPID0815',
  folder: 'QSTUDYFOLDER',
  model: 'QMODELNAME.nii.gz',
  session: '../QSESSION/x',
  path: '/scans/QPATH.nii.gz',
  label: 'QLABEL',
  page: 'qpage.example',
  host: 'qhost.example',
  voxels: 'QVOXELSQVOXELS',
} as const;

describe('logs at info level', function () {
  this.timeout(120_000);
  let folder: string;
  let log = '';
  const children: ChildProcess[] = [];
  /** Ids and digests that open something. */
  const secrets: Record<string, string> = {};

  before(async () => {
    assert.ok(existsSync(join(ROOT, 'dist/gateway/main.js')), 'run `npm run build`');
    folder = mkdtempSync(join(tmpdir(), 'sextant-logs-'));
    await annotateAndFail();
    for (const child of children) child.kill('SIGTERM');
    await Promise.all(children.map(ended));
  });
  after(() => {
    for (const child of children) child.kill('SIGKILL');
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  const ended = async (child: ChildProcess) =>
    child.exitCode ?? child.signalCode ?? (await once(child, 'exit'));

  /** A service as `sextant serve` starts it, with all that it writes kept. */
  async function start(service: string, ...flags: string[]): Promise<ReadyMessage> {
    const data = join(folder, PATIENT.folder);
    const words = [join(ROOT, `dist/${service}/main.js`), ...flags, '--data', data];
    const child = spawn(process.execPath, [...words, '--log-level', 'info'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    children.push(child);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        log += text;
      });
    }
    const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
    return (message as ReadyMessage | undefined) ?? assert.fail(log);
  }

  /** Every kind of call, rightly and wrongly. */
  async function annotateAndFail(): Promise<void> {
    const socket = `unix:${join(folder, 'i.sock')}`;
    const inference = ['--config', POOL, '--socket', join(folder, 'i.sock')];
    await start('inference', ...inference);
    const ports = ['--grpc-port', '0', '--http-port', '0', '--inference', socket];
    const { grpcPort, httpPort } = await start('gateway', ...ports);
    const channel = openChannel(`127.0.0.1:${grpcPort}`);
    const volumes = createClient(VolumeServiceDefinition, channel);
    const sessions = createClient(SessionServiceDefinition, channel);
    const models = createClient(ModelServiceDefinition, channel);
    const annotations = createClient(AnnotationServiceDefinition, channel);
    const failed: string[] = [];
    const fail = async (call: Promise<unknown>) => {
      await call.then(
        () => failed.push('no error'),
        (error) => failed.push(error.reason),
      );
    };
    const upload = async (file: Uint8Array, name: string) => {
      const { uploadId, nonce } = await volumes.createUpload({ sizeBytes: file.length });
      secrets[`${name} upload`] = uploadId;
      secrets[`${name} nonce`] = Buffer.from(nonce).toString('hex');
      const { receipt, volumeId } = await volumes.uploadVolume(uploadMessages(uploadId, file));
      secrets[`${name} receipt`] = receipt;
      return { receipt, volumeId, file };
    };
    const open = async (file: Uint8Array, name: string) => {
      const { receipt } = await upload(file, name);
      const { session } = await sessions.createSession({ receipt });
      const sessionId = session?.sessionId ?? '';
      secrets[`${name} session`] = sessionId;
      return sessionId;
    };
    const click = async (sessionId: string, fields: object = {}) => {
      const space = PointSpace.POINT_SPACE_INDEX;
      const wanted = { sessionId, model: 'annotation_any', points: CLICKS, space, ...fields };
      for await (const _ of annotations.annotate(wanted));
    };

    const sessionId = await open(marked(SIX), 'good');
    await click(sessionId, { points: SIX_POINTS });
    await sessions.getSession({ sessionId });
    await prove(volumes, secrets);
    await fail(click(sessionId, { points: [] }));
    await fail(click(sessionId, { model: PATIENT.model, points: SIX_POINTS }));
    await fail(click(sessionId, { points: SIX_POINTS, space: 0 }));
    await fail(click(sessionId, { points: SIX_POINTS, maskEncoding: 77 }));
    await fail(click(PATIENT.session));
    await fail(click(PATIENT.path, { model: PATIENT.path }));
    for (const bad of badImages()) {
      await fail(
        upload(bad, `bad ${failed.length}`).then(async ({ receipt }) => {
          const { session } = await sessions.createSession({ receipt });
          await click(session?.sessionId ?? '', { points: SIX_POINTS });
        }),
      );
    }
    await fail(sessions.createSession({ receipt: PATIENT.path }));
    await fail(sessions.getSession({ sessionId: PATIENT.path }));
    await fail(sessions.deleteSession({ sessionId: PATIENT.description }));
    await fail(volumes.getUpload({ uploadId: PATIENT.path }));
    await fail(volumes.uploadVolume(uploadMessages(PATIENT.path, SAMPLE)));
    await fail(volumes.createUpload({ sizeBytes: 3, volumeId: PATIENT.path }));
    await fail(volumes.proveVolume({ uploadId: PATIENT.path, volumeId: PATIENT.database }));
    await fail(models.getModel({ name: PATIENT.model }, { requestId: PATIENT.path }));
    await models.listModels({ label: PATIENT.label });
    for (const lines of httpRequests()) await rawHttp(Number(httpPort), lines, { waitMs: 300 });
    await fail(cutByDeath(click(sessionId, { points: SIX_POINTS })));
    assert.deepEqual(
      failed.filter((reason) => reason === 'no error'),
      [],
      failed.join(' '),
    );
    channel.close();
  }

  /** The inference service is killed under a call, or just before it: either way the call fails. */
  async function cutByDeath(call: Promise<unknown>): Promise<unknown> {
    children[0]?.kill('SIGKILL');
    return await call;
  }

  it('have lines of both services, for calls that went well and others', () => {
    const lines = log.split('\n').filter((line) => line.startsWith('{'));
    const told = lines.map((line) => JSON.parse(line));
    for (const service of ['gateway', 'inference']) {
      const calls = told.filter((line) => line.service === service && line.msg === 'call');
      assert.ok(
        calls.some(({ status }) => status === 'OK'),
        `${service}: ${log}`,
      );
      assert.ok(
        calls.some(({ status }) => status !== 'OK'),
        `${service}: ${log}`,
      );
    }
  });

  it('hold nothing of an image, its name, or what callers write into fields', () => {
    for (const [what, text] of Object.entries(PATIENT)) assertAbsent(log, text, what);
  });

  it('hold no path of the store, not even of a setting', () => {
    assertAbsent(log, folder, 'the folder');
  });

  it('hold no id that opens something', () => {
    assert.ok(Object.keys(secrets).length > 8, 'secrets were given');
    for (const [what, text] of Object.entries(secrets)) assertAbsent(log, text, what);
  });
});

const SIX = [20, 24, 16] as const;
const SIX_POINTS = [
  { x: 5, y: 12, z: 8 },
  { x: 14, y: 12, z: 8 },
  { x: 9, y: 6, z: 8 },
  { x: 9, y: 17, z: 8 },
  { x: 9, y: 12, z: 5 },
  { x: 9, y: 12, z: 10 },
];

/** An image with patient data where careless exporters put it. */
function marked(dims: readonly number[], fields: object = {}): Buffer {
  const file = niftiFile({ dims, ...fields });
  file.write(PATIENT.database, 14, 'latin1');
  file.write(PATIENT.description, 148, 'latin1');
  file.write(PATIENT.auxiliary, 228, 'latin1');
  file.write(PATIENT.voxels, file.length - 20, 'latin1');
  return file;
}

/** What is refused at each step of the way: as a file, as a header, as voxels, as an image to click. */
function badImages(): Buffer[] {
  const truncated = marked(SIX).subarray(0, 1000);
  const cutGzip = gzipSync(marked(SIX)).subarray(0, 120);
  const wrongMagic = marked(SIX);
  wrongMagic.write('QVOX', 344, 'latin1');
  const flat = marked(SIX, {
    affine: [
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ],
  });
  const dimension = marked(SIX);
  dimension.writeInt16LE(-3, 42);
  const type = marked(SIX);
  type.writeInt16LE(4097, 70);
  return [
    Buffer.from(`${PATIENT.description} is no image at all`),
    truncated,
    cutGzip,
    wrongMagic,
    flat,
    dimension,
    type,
    marked(SIX, { voxel: () => 3 }).fill(0, 352),
    marked([4, 4, 4, 3]),
  ];
}

function httpRequests(): string[][] {
  const get = (target: string, ...more: string[]) => [`GET ${target} HTTP/1.1`, ...more];
  const own = 'Host: localhost';
  return [
    get(`/v1/models?model=${PATIENT.model}`, own),
    get(`/v1/models?label=${PATIENT.label}`, own),
    get(PATIENT.path, own),
    get(`/v1/session/${PATIENT.description}`, own, `X-Request-Id: ${PATIENT.description}`),
    get('/v1/models', `Host: ${PATIENT.host}`),
    get('/v1/models', own, `Origin: http://${PATIENT.page}`),
    get(`/%zz${PATIENT.path}`, own),
    [PATIENT.description],
  ];
}

/** A proof of possession, wrong and then right. */
async function prove(
  volumes: ReturnType<typeof createClient<typeof VolumeServiceDefinition>>,
  secrets: Record<string, string>,
): Promise<void> {
  const file = marked(SIX);
  const volumeId = createHash('sha256').update(file).digest('hex');
  const { uploadId, nonce } = await volumes.createUpload({ sizeBytes: file.length, volumeId });
  const proof = createHash('sha256').update(nonce).update(file).digest();
  Object.assign(secrets, { proof: proof.toString('hex'), proven: uploadId });
  const { receipt } = await volumes.proveVolume({ uploadId, volumeId, proof });
  secrets['proven receipt'] = receipt;
}

/** The text as it is, and as logs and careless code write bytes. */
function assertAbsent(log: string, text: string, what: string): void {
  const bytes = Buffer.from(text);
  const hex = /^[0-9a-f]{32,}$/.test(text) ? Buffer.from(text, 'hex') : bytes;
  const forms = {
    plain: text,
    'JSON-escaped': JSON.stringify(text).slice(1, -1),
    'escaped twice': JSON.stringify(JSON.stringify(text)).slice(3, -3),
    'percent-encoded': encodeURIComponent(text),
    hex: bytes.toString('hex'),
    bytes: [...hex].join(','),
    ...base64Of(hex),
  };
  for (const [form, found] of Object.entries(forms)) {
    const at = log.toLowerCase().indexOf(found.toLowerCase());
    assert.ok(
      at < 0,
      `${what} as ${form} in the log: ${log.slice(Math.max(0, at - 200), at + 200)}`,
    );
  }
}

/** The three ways in which bytes can stand inside base64, without the digits that depend on neighbours. */
function base64Of(bytes: Buffer): Record<string, string> {
  const forms = [0, 1, 2].map((shift) => {
    const digits = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return [`base64 at ${shift}`, digits.slice(shift === 0 ? 0 : shift + 1, -1)] as const;
  });
  return Object.fromEntries(forms);
}
