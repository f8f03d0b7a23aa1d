import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SextantError } from '#errors';
import { ConversionServiceDefinition, type ConvertRequest } from '#proto/sextant/v1/conversion';
import { VolumeServiceDefinition } from '#proto/sextant/v1/volume';
import { createClient, openChannel } from '#rpc';
import { type Served, serve } from './served.ts';
import { uploadMessages } from './services/running.ts';

const HEADER = [
  'ObjectType = Image',
  'NDims = 3',
  'DimSize = 4 4 2',
  'ElementType = MET_UCHAR',
  'ElementDataFile = LOCAL\n',
].join('\n');
const IMAGE = Buffer.concat([Buffer.from(HEADER), Buffer.alloc(32, 7)]);

describe('a conversion service that is killed in the middle of a call', function () {
  this.timeout(60_000);
  let folder: string;
  let server: Served;
  let channel: ReturnType<typeof openChannel>;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-killed-'));
    server = await serve(folder);
    channel = openChannel(server.address);
  });
  after(async () => {
    channel?.close();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Waits for one that runs: a service that has died is started again a moment later. */
  async function convertPid(): Promise<number> {
    for (let n = 0; n < 200; n++) {
      const pids = readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8');
      const of = (pid: string) => readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      const found = pids.split(' ').find((pid) => pid !== '' && /data-convert\/main/.test(of(pid)));
      if (found !== undefined) return Number(found);
      await pause(50);
    }
    assert.fail('no conversion service');
  }

  const spooled = (pid: number) =>
    readdirSync(tmpdir()).filter((name) => name.startsWith(`sextant-convert-${pid}-`));

  function isUnavailable(error: unknown): boolean {
    assert.ok(error instanceof SextantError);
    assert.equal(error.reason, 'SERVICE_UNAVAILABLE');
    assert.ok((error.retryAfterMs ?? 0) > 0, 'when to come again');
    assert.doesNotMatch(error.message, /127\.0\.0\.1|\.sock|tmp/);
    return true;
  }

  it('is told with when to come again, starts again, and sweeps what was sent', async () => {
    const conversions = createClient(ConversionServiceDefinition, channel);
    const pid = await convertPid();
    async function* half(): AsyncGenerator<ConvertRequest> {
      yield { part: { $case: 'header', value: {} } } as ConvertRequest;
      yield {
        part: { $case: 'file', value: { name: 'a.mha', sizeBytes: IMAGE.length } },
      } as ConvertRequest;
      yield { part: { $case: 'chunk', value: IMAGE.subarray(0, 40) } } as ConvertRequest;
      while (spooled(pid).length === 0) await pause(10);
      process.kill(pid, 'SIGKILL');
      await pause(20_000, undefined, { ref: false });
    }
    const converting = (async () => {
      for await (const _ of conversions.convert(half()));
    })();
    await assert.rejects(converting, isUnavailable);
    assert.notEqual(await convertPid(), pid);
    for (let n = 0; n < 200 && spooled(pid).length > 0; n++) await pause(50);
    assert.deepEqual(spooled(pid), []);
  });

  it('has what was uploaded in the store, which need not be sent again', async () => {
    const volumes = createClient(VolumeServiceDefinition, channel);
    const pid = await convertPid();
    process.kill(pid, 'SIGSTOP');
    const { uploadId } = await volumes.createUpload({ sizeBytes: IMAGE.length });
    const uploading = volumes.uploadVolume(uploadMessages(uploadId, IMAGE));
    setTimeout(() => process.kill(pid, 'SIGKILL'), 500);
    await assert.rejects(uploading, isUnavailable);

    const volumeId = createHash('sha256').update(IMAGE).digest('hex');
    for (let n = 0; ; n++) {
      const again = await volumes.createUpload({ sizeBytes: IMAGE.length, volumeId });
      const proof = createHash('sha256').update(again.nonce).update(IMAGE).digest();
      const request = { uploadId: again.uploadId, volumeId, proof };
      const answer = await volumes.proveVolume(request).catch((error: unknown) => error);
      if (answer instanceof Error && n < 100) {
        isUnavailable(answer);
        await pause(100);
        continue;
      }
      assert.ok(answer !== undefined && 'volumes' in (answer as object), String(answer));
      const made = (answer as Awaited<ReturnType<typeof volumes.proveVolume>>).volumes;
      assert.deepEqual(
        made.map(({ grid }) => grid?.shape),
        [[4, 4, 2]],
      );
      return;
    }
  });
});
