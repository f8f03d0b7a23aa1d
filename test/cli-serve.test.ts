import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { niftiFile, niftiPair, RGB24 } from '../cli/testing/nifti-file.ts';
import { isAlive, MAIN, Sextant, waitUntil } from './sextant-process.ts';

const ROOT = join(import.meta.dirname, '..');
const SIX = '4,12,8 15,12,8 10,5,8 10,18,8 10,12,4 10,12,11';

describe('sextant serve', function () {
  this.timeout(60_000);
  let folder: string;
  let server: Sextant | undefined;

  before(() => {
    assert.ok(existsSync(MAIN), 'dist/ is missing: npm run build');
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sx-'));
  });
  afterEach(async () => {
    server?.child.kill('SIGTERM');
    await server?.ended();
    server = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  const start = async (...flags: string[]) => {
    const words = ['serve', '--grpc-port', '0', '--http-port', '0', '--data', join(folder, 'data')];
    server = new Sextant([...words, '--log-level', 'warn', ...flags], { tmp: folder });
    const address = await server.until(/^gRPC +(\S+)/m);
    await server.until(/^stop +Ctrl-C/m);
    return { server, address };
  };
  const run = (words: readonly string[]) =>
    new Sextant(words, { cwd: folder, tmp: folder }).ended();
  const runtimeFolders = () => readdirSync(folder).filter((name) => name.startsWith('sextant-run'));

  it('says where what is, and a client gets the same bytes as without a server', async () => {
    const { server: running, address } = await start();
    assert.match(running.stdout, /^HTTP +http:\/\/127\.0\.0\.1:\d+\/v1\/models$/m);
    assert.match(running.stdout, /^model +annotation_any \(onnx on cpu, weights: Apache-2\.0\)$/m);
    const listed = await run(['models', '--server', address, '--json']);
    const { models } = JSON.parse(listed.stdout);
    assert.ok(models.some(({ name }: { name: string }) => name === 'annotation_any'));

    const { hdr, img } = niftiPair();
    writeFileSync(join(folder, 'head.nii.gz'), gzipSync(niftiFile()));
    writeFileSync(join(folder, 'pair.hdr'), hdr);
    writeFileSync(join(folder, 'pair.img'), img);
    const series = Buffer.concat([
      niftiFile({ dims: [20, 24, 16, 2], voxelBytes: 0 }),
      Buffer.alloc(img.length, 3),
      img,
    ]);
    writeFileSync(join(folder, 'series.nii'), series);
    const click = ['-m', 'annotation_any', '--points', SIX, '--space', 'index'];
    const here = ['--config', join(ROOT, 'models/engine_pool.json')];
    const ways = [
      ['head.nii.gz', ...here],
      ['head.nii.gz', '--server', address],
      ['pair.hdr', '--server', address],
      ['series.nii', '--frame', '1', '--server', address],
    ];
    const masks: Buffer[] = [];
    for (const way of ways) {
      const files = ['-o', 'mask.nii.gz', '--preview', 'mask.png'];
      const { status, stderr } = await run(['annotate', ...way, ...click, ...files]);
      assert.equal(status, 0, `${way}: ${stderr}`);
      masks.push(readFileSync(join(folder, 'mask.nii.gz')));
    }
    for (const [way, mask] of masks.entries()) assert.deepEqual(mask, masks[0], `${ways[way]}`);
  });

  it('refuses what annotate refuses alone, by the same names, and leaves no output', async () => {
    const { address } = await start('--volume-limit', '1MiB');
    const zeros = niftiFile({ dims: [256, 256, 64], voxelBytes: 16 * 1024 * 1024 });
    const cut = gzipSync(niftiFile({ voxel: (at) => Math.sin(at) })).subarray(0, 9000);
    const refusals: [string, Buffer, string, number][] = [
      ['VOLUME_CONSTANT', niftiFile({ voxel: () => 5 }), 'annotation_any', 3],
      ['VOLUME_NOT_SCALAR', niftiFile({ datatype: RGB24, bitpix: 24 }), 'annotation_any', 3],
      ['VOLUME_TRUNCATED', cut, 'annotation_any', 3],
      ['VOLUME_TOO_LARGE', gzipSync(zeros), 'annotation_any', 3],
      ['MODEL_UNKNOWN', niftiFile(), 'annotation_ani', 4],
    ];
    for (const [reason, image, model, expected] of refusals) {
      writeFileSync(join(folder, 'bad.nii.gz'), image);
      const click = ['-m', model, '--points', SIX, '--space', 'index', '--server', address];
      const { status, stderr } = await run(['annotate', 'bad.nii.gz', ...click, '-o', 'mask.nii']);
      assert.match(stderr, new RegExp(`^sextant annotate: ${reason}: `, 'm'));
      assert.equal(status, expected, stderr);
      assert.ok(!existsSync(join(folder, 'mask.nii')), reason);
    }
  });

  it('drains on Ctrl-C and on SIGTERM, and leaves nothing behind', async () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const { server: running } = await start();
      const children = running.children();
      assert.equal(children.length, 3);
      assert.equal(runtimeFolders().length, 1);
      running.child.kill(signal);
      assert.equal((await running.ended()).status, 0);
      assert.deepEqual(children.filter(isAlive), []);
      assert.deepEqual(runtimeFolders(), []);
    }
  });

  it('starts a service again that dies, on the same port', async () => {
    const { server: running, address } = await start();
    for (const child of running.children()) {
      process.kill(child, 'SIGKILL');
      await waitUntil(() => !isAlive(child), 'the child is dead');
    }
    await running.until(/gateway ended \(SIGKILL\)/);
    await running.until(/inference ended \(SIGKILL\)/);
    for (let tries = 0; ; tries++) {
      const { status, stderr } = await run(['models', '--server', address]);
      if (status === 0) break;
      assert.ok(tries < 20, stderr);
      await pause(250);
    }
  });

  it('leaves no orphan when it is killed, and the next start clears its folder', async () => {
    const { server: running } = await start();
    const children = running.children();
    running.child.kill('SIGKILL');
    await waitUntil(() => !children.some(isAlive), 'the children have ended');
    assert.equal(runtimeFolders().length, 1);
    const { server: next } = await start();
    assert.equal(runtimeFolders().length, 1);
    next.child.kill('SIGTERM');
    await next.ended();
    assert.deepEqual(runtimeFolders(), []);
  });

  it('names a taken port and its flag, and a pool file that is not there', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const pool = ['--config', join(ROOT, 'models/engine_pool.json')];
    const data = ['--data', join(folder, 'data'), '--log-level', 'warn'];
    for (const flag of ['--grpc-port', '--http-port']) {
      const free = flag === '--grpc-port' ? '--http-port' : '--grpc-port';
      const { status, stderr } = await run(['serve', flag, `${port}`, free, '0', ...pool, ...data]);
      assert.equal(status, 5, stderr);
      assert.match(stderr, new RegExp(`PORT_TAKEN: .*${flag}.*${port}`));
    }
    other.close();
    const ports = ['--grpc-port', '0', '--http-port', '0'];
    const missing = await run(['serve', '--config', 'nowhere.json', ...ports, ...data]);
    assert.equal(missing.status, 4, missing.stderr);
    assert.match(missing.stderr, /nowhere\.json/);
    assert.deepEqual(runtimeFolders(), []);
  });

  it('listens on loopback alone unless asked', async () => {
    const { server: running } = await start();
    const listeners = listeningAddresses([running.child.pid ?? 0, ...running.children()]);
    assert.equal(listeners.length, 2, listeners.join(', '));
    for (const address of listeners) assert.match(address, /^127\.0\.0\.1:/);
  });
});

/** Local addresses of the TCP listeners of some processes, from /proc. */
function listeningAddresses(pids: readonly number[]): string[] {
  const inodes = new Set(
    pids.flatMap((pid) => {
      const links = execFileSync('ls', ['-l', `/proc/${pid}/fd`], { encoding: 'utf8' });
      return [...links.matchAll(/socket:\[(\d+)\]/g)].map(([, inode]) => inode);
    }),
  );
  const LISTEN = '0A';
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === LISTEN && inodes.has(fields[9]))
      .map((fields) => readable(fields[1] ?? '')),
  );
}

/** `0100007F:C353` -> `127.0.0.1:50003`; IPv6 stays as it is. */
function readable(address: string): string {
  const [host = '', port = ''] = address.split(':');
  if (host.length !== 8) return address;
  const bytes = [6, 4, 2, 0].map((at) => Number.parseInt(host.slice(at, at + 2), 16));
  return `${bytes.join('.')}:${Number.parseInt(port, 16)}`;
}
