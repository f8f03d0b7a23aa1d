import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AnnotationServiceDefinition,
  MaskEncoding,
  PointSpace,
} from '#proto/sextant/v1/annotation';
import { SessionServiceDefinition } from '#proto/sextant/v1/session';
import { createClient, openChannel } from '#rpc';
import { peakMiB, resetPeak, residentMiB } from './large-upload/process-memory.ts';
import { digestOf, seededNifti } from './large-upload/seeded-nifti.ts';

const ROOT = join(import.meta.dirname, '../..');
const HERE = join(import.meta.dirname, 'large-upload');
/** 524 MB; the upload beside which a slow disk is tried is a fifth of it. */
const LARGE = [512, 512, 1000] as const;
const SMALLER = [512, 512, 200] as const;
/** A few dozen MiB: messages on their way, and what the collector has not come to yet. */
const GROWTH_MIB = 80;

interface Uploaded {
  readonly volumeId: string;
  readonly receipt: string;
  readonly grownMiB: number;
}

describe('a large upload', function () {
  this.timeout(120_000);
  let folder: string;
  let children: ChildProcess[];

  before(function () {
    if (existsSync('/proc/self/clear_refs')) return;
    console.log('      SKIPPED: this system does not tell the peak of a process’s memory');
    this.skip();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-large-'));
    children = [];
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    for (const child of children) {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    rmSync(folder, { recursive: true });
  });

  async function start<T>(path: string, args: readonly string[], execArgv: string[] = []) {
    const child = fork(path, args, { cwd: ROOT, execArgv, stdio: ['ignore', 'ignore', 2, 'ipc'] });
    children.push(child);
    const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
    assert.equal(typeof message, 'object', `${path} ended`);
    return { pid: child.pid ?? 0, message: message as T };
  }

  const gatewayFlags = (inference: string) =>
    ['--grpc-port', '0', '--http-port', '0', '--log-level', 'warn']
      .concat('--data', join(folder, 'store'))
      .concat('--inference', inference);

  function upload(port: number, shape: readonly number[]) {
    const args = [`127.0.0.1:${port}`, ...shape.map(String)];
    return start<Uploaded>(join(HERE, 'client.ts'), args, ['--import=tsx']);
  }

  function assertBounded(what: string, grownMiB: number): void {
    console.log(`      ${what} grew by ${grownMiB.toFixed(0)} MiB`);
    assert.ok(grownMiB < GROWTH_MIB, `${what} grew by ${grownMiB.toFixed(0)} MiB`);
  }

  it('of 512 x 512 x 1000 voxels passes client, gateway and the way to inference in bounded memory', async () => {
    const socket = `unix:${join(folder, 'i')}`;
    const elsewhere = ['--data', join(folder, 'elsewhere'), '--log-level', 'warn'];
    const inferenceFlags = ['--socket', join(folder, 'i'), ...elsewhere];
    await start('dist/inference/main.js', inferenceFlags);
    const gateway = await start<{ grpcPort: number }>('dist/gateway/main.js', gatewayFlags(socket));
    const { grpcPort } = gateway.message;

    resetPeak(gateway.pid);
    const idleMiB = residentMiB(gateway.pid);
    const { message: uploaded } = await upload(grpcPort, LARGE);
    assert.equal(uploaded.volumeId, digestOf(seededNifti(LARGE)));
    assertBounded('the gateway, taking it', peakMiB(gateway.pid) - idleMiB);
    assertBounded('the client', uploaded.grownMiB);

    resetPeak(gateway.pid);
    const mask = await clickOn(grpcPort, uploaded.receipt);
    assert.ok(mask > 0, 'a mask came');
    assertBounded('the gateway, passing it on', peakMiB(gateway.pid) - idleMiB);
  });

  it('waits for a slow disk in bounded memory', async () => {
    const gateway = await start<{ grpcPort: number }>(
      'dist/gateway/main.js',
      gatewayFlags('127.0.0.1:1'),
      [`--import=${join(HERE, 'slow-disk.mjs')}`],
    );
    resetPeak(gateway.pid);
    const idleMiB = residentMiB(gateway.pid);
    const { message: uploaded } = await upload(gateway.message.grpcPort, SMALLER);
    assert.equal(uploaded.volumeId, digestOf(seededNifti(SMALLER)));
    assertBounded('the gateway', peakMiB(gateway.pid) - idleMiB);
    assertBounded('the client', uploaded.grownMiB);
  });

  /** Bytes of the mask of a click in the middle. */
  async function clickOn(port: number, receipt: string): Promise<number> {
    const channel = openChannel(`127.0.0.1:${port}`);
    const { session } = await createClient(SessionServiceDefinition, channel).createSession({
      receipt,
    });
    const points = [
      [230, 256, 500],
      [280, 256, 500],
      [256, 230, 500],
      [256, 280, 500],
      [256, 256, 480],
      [256, 256, 520],
    ].map(([x = 0, y = 0, z = 0]) => ({ x, y, z }));
    let bytes = 0;
    const events = createClient(AnnotationServiceDefinition, channel).annotate({
      sessionId: session?.sessionId ?? '',
      model: 'annotation_any',
      points,
      space: PointSpace.POINT_SPACE_INDEX,
      maskEncoding: MaskEncoding.MASK_ENCODING_RUN_LENGTHS,
    });
    for await (const { event } of events) {
      if (event?.event?.$case === 'maskHeader') bytes = event.event.value.sizeBytes;
    }
    channel.close();
    return bytes;
  }
});
