import assert from 'node:assert/strict';
import { createHash, randomBytes, randomFillSync } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { VolumeServiceDefinition } from '#proto/sextant/v1/volume';
import { createClient, openChannel } from '#rpc';
import { writeSlices } from '../cli/testing/dataconvert.ts';
import { niftiFile } from '../cli/testing/nifti-file.ts';
import { clientAtDoor } from './client-at-door.ts';
import { serve } from './served.ts';

const MIB = 1024 * 1024;
const UINT8 = 2;
const PATIENCE_MS = 30_000;
/** HTTP/2 frames and gRPC prefixes around the bytes of a file, and the calls beside. */
const overhead = (bytes: number) => 0.01 * bytes + 64 * 1024;

describe('sextant upload', function () {
  this.timeout(60_000);
  const client = clientAtDoor();
  const image = () => join(client.folder, 'image.nii');
  const uploads = () => readdirSync(join(client.state, 'sextant/uploads'));
  const upload = () => client.start('upload', image(), '--server', client.door.address, '--json');

  /** Larger than what the server makes durable at once, and each time another. */
  function largeImage(): Buffer {
    const bytes = niftiFile({ dims: [512, 512, 384], datatype: UINT8, bitpix: 8 });
    randomFillSync(bytes, 352, 64 * 1024);
    writeFileSync(image(), bytes);
    return bytes;
  }

  /** What the server has on its disk of the one upload that the state folder knows. */
  async function durableOffset(): Promise<number> {
    const [name = ''] = uploads();
    const record = JSON.parse(readFileSync(join(client.state, 'sextant/uploads', name), 'utf8'));
    const channel = openChannel(client.server.address);
    try {
      const volumes = createClient(VolumeServiceDefinition, channel);
      return (await volumes.getUpload({ uploadId: record.uploadId })).offsetBytes;
    } finally {
      channel.close();
    }
  }

  /** The same, once it has come this far and the server answers. */
  async function durableOffsetFrom(bytes: number): Promise<number> {
    for (const end = Date.now() + PATIENCE_MS; ; await pause(50)) {
      const offset = await durableOffset().catch(() => -1);
      if (offset >= bytes) return offset;
      assert.ok(Date.now() < end, `only ${offset} of ${bytes} bytes became durable`);
    }
  }

  function gatewayPid(): number {
    const { pid: server } = client.server;
    const children = readFileSync(`/proc/${server}/task/${server}/children`, 'utf8');
    const pids = children.trim().split(/\s+/).map(Number);
    const found = pids.find((pid) => /gateway/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8')));
    return found ?? assert.fail('no gateway');
  }

  it('goes on by itself when the server is killed in its middle, and sends only the rest', async () => {
    const { door } = client;
    const bytes = largeImage();
    door.holdAfter(80 * MIB);
    const { ended } = upload();
    await door.held();
    await durableOffsetFrom(64 * MIB);
    process.kill(gatewayPid(), 'SIGKILL');
    door.cut();
    const offset = await durableOffsetFrom(64 * MIB);
    door.reset();
    door.open();
    const { status, stdout, stderr } = await ended;
    assert.equal(status, 0, stderr);
    assert.match(stderr, /trying again in/);
    assert.equal(JSON.parse(stdout).volumeId, digest(bytes));
    const rest = bytes.length - offset;
    const sent = door.inBytes();
    assert.ok(sent >= rest && sent < rest + overhead(rest), `${sent} bytes for a rest of ${rest}`);
    assert.deepEqual(uploads(), [], 'nothing is left to go on with');
  });

  it('goes on in a second call after Ctrl-C in its middle, and is not sent a third time', async () => {
    const { door } = client;
    const bytes = largeImage();
    door.holdAfter(40 * MIB);
    const first = upload();
    await door.held();
    first.child.kill('SIGINT');
    const cut = await first.ended;
    assert.equal(cut.status, 130, cut.stderr);
    assert.match(cut.stderr, /^sextant upload: cancelled; .*run the same command again$/m);
    assert.equal(JSON.parse(cut.stdout).error.reason, 'CANCELLED');
    door.cut();
    const offset = await durableOffsetFrom(32 * MIB);

    door.reset();
    door.open();
    const second = await upload().ended;
    assert.equal(second.status, 0, second.stderr);
    const rest = bytes.length - offset;
    const { resumedBytes, sentBytes, volumeId } = JSON.parse(second.stdout);
    assert.deepEqual([resumedBytes, sentBytes], [offset, rest]);
    assert.equal(volumeId, digest(bytes));
    assert.ok(door.inBytes() < rest + overhead(rest), `${door.inBytes()} bytes went through`);

    door.reset();
    const third = await upload().ended;
    assert.equal(third.status, 0, third.stderr);
    assert.equal(JSON.parse(third.stdout).wasThere, true);
    assert.ok(door.inBytes() < 64 * 1024, `${door.inBytes()} bytes went through`);
  });

  it('reads its file no faster than it is taken', async () => {
    const { door } = client;
    const { length } = largeImage();
    door.holdAfter(20 * MIB);
    const { child } = upload();
    await door.held();
    await pause(1000);
    const [, read] = /^rchar: (\d+)$/m.exec(readFileSync(`/proc/${child.pid}/io`, 'utf8')) ?? [];
    // Read twice for the digest and the proof before it is sent.
    const sending = Number(read) - 2 * length;
    assert.ok(sending < length / 2, `${sending} of ${length} bytes were read for the wire`);
  });

  it('begins anew when the file has become another one since the cut', async () => {
    const { door } = client;
    largeImage();
    door.holdAfter(20 * MIB);
    const first = upload();
    await door.held();
    first.child.kill('SIGINT');
    await first.ended;
    door.open();
    const bytes = largeImage();
    const { status, stdout, stderr } = await upload().ended;
    assert.equal(status, 0, stderr);
    const { resumedBytes, sentBytes, volumeId } = JSON.parse(stdout);
    assert.deepEqual([resumedBytes, sentBytes, volumeId], [0, bytes.length, digest(bytes)]);
  });

  for (const when of ['another time', 'the same time as before']) {
    it(`refuses a file that is changed while it is sent, with ${when}, and leaves no volume of it`, async () => {
      const { door } = client;
      const bytes = largeImage();
      const volumes = () => readdirSync(join(client.folder, 'store/volumes')).length;
      const before = volumes();
      utimesSync(image(), 1000, 1000);
      door.holdAfter(20 * MIB);
      const { ended } = upload();
      await door.held();
      bytes.fill(1, bytes.length - MIB);
      writeFileSync(image(), bytes);
      if (when === 'the same time as before') utimesSync(image(), 1000, 1000);
      door.open();
      const { status, stderr } = await ended;
      assert.match(
        stderr,
        /^sextant upload: VOLUME_DIGEST_MISMATCH: .*image\.nii: .*run the same/m,
      );
      assert.equal(status, 5);
      assert.equal(volumes(), before);
      const again = await upload().ended;
      assert.equal(again.status, 0, again.stderr);
      assert.equal(JSON.parse(again.stdout).volumeId, digest(bytes));
    });
  }

  it('sends what it makes of a DICOM folder, and goes on after Ctrl-C in its middle', async () => {
    const { door } = client;
    mkdirSync(join(client.folder, 'ct'));
    const samples = () => randomBytes(512 * 512 * 2);
    writeSlices(join(client.folder, 'ct'), { slices: 100, side: 512, series: '1.2.3', samples });
    const send = () => client.start('upload', 'ct', '--server', door.address, '--json');
    door.holdAfter(40 * MIB);
    const first = send();
    await door.held();
    first.child.kill('SIGINT');
    assert.equal((await first.ended).status, 130);
    door.cut();
    const offset = await durableOffsetFrom(32 * MIB);

    door.reset();
    door.open();
    const second = await send().ended;
    assert.equal(second.status, 0, second.stderr);
    const told = JSON.parse(second.stdout);
    assert.deepEqual([told.grid.shape, told.resumedBytes], [[512, 512, 100], offset]);

    door.reset();
    const third = await send().ended;
    assert.equal(JSON.parse(third.stdout).wasThere, true, third.stderr);
    const listed = await client.run('sessions', '--server', door.address);
    assert.match(listed.stdout, /\bct\b/, 'the session is known by what was given');
  });

  it('tells what a server has no room for, before a byte is sent', async () => {
    const full = await serve(mkdtempSync(join(client.folder, 'full-')), ['--store-limit', '1KiB']);
    try {
      writeFileSync(image(), niftiFile());
      const { status, stderr } = await client.run('upload', image(), '--server', full.address);
      assert.match(stderr, /^sextant upload: STORE_FULL: .*1024 bytes.*--store-limit/m);
      assert.equal(status, 5);
    } finally {
      await full.stop();
    }
  });
});

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
