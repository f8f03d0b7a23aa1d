import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { SextantError } from '#errors';
import { imageKindOf } from '#volume';
import { LONGEST_NAME_BYTES } from '../limits.ts';
import { unpackArchive } from './unpack.ts';

/** Archives as Python makes them, also such as nobody should make. */
const MAKE = `
import io, os, sys, tarfile, zipfile
kind, path = sys.argv[1:3]
names = ['a/one.dcm', '../../escaped', '/etc/escaped', 'two']
if kind == 'zip':
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as z:
        for n in names: z.writestr(n, n * 100)
        z.writestr('folder/', '')
elif kind == 'link.zip':
    with zipfile.ZipFile(path, 'w') as z:
        info = zipfile.ZipInfo('link'); info.external_attr = 0o120777 << 16
        z.writestr(info, '/etc/passwd'); z.writestr('real', 'real')
elif kind == 'long.zip':
    with zipfile.ZipFile(path, 'w') as z: z.writestr('n' * 2000, 'x')
elif kind == 'bomb.zip':
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as z: z.writestr('bomb', b'\\0' * 50_000_000)
elif kind == 'lzma.zip':
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_LZMA) as z: z.writestr('a', 'a' * 100)
elif kind in ('stored.zip', 'deflated.zip'):
    how = zipfile.ZIP_STORED if kind == 'stored.zip' else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(path, 'w', how) as z:
        for n in ('one', 'two', 'three'): z.writestr(n, (n * 60_000).encode())
elif kind == 'large.zip':
    with zipfile.ZipFile(path, 'w') as z:
        for n in names: z.writestr(n, os.urandom(2_000_000))
elif kind in ('large.tar', 'large.tar.gz'):
    with tarfile.open(path, 'w:gz' if kind.endswith('gz') else 'w') as t:
        for n in names:
            info = tarfile.TarInfo(n); info.size = 2_000_000; t.addfile(info, io.BytesIO(os.urandom(info.size)))
elif kind == 'pax.tar':
    with tarfile.open(path, 'w', format=tarfile.PAX_FORMAT) as t:
        for n in ('one', 'two'):
            info = tarfile.TarInfo(n); info.size = 2048; info.pax_headers = {'comment': n * 60}
            t.addfile(info, io.BytesIO(b'\\0' * 2048))
elif kind == 'tar' or kind == 'tar.gz':
    with tarfile.open(path, 'w:gz' if kind == 'tar.gz' else 'w') as t:
        for n in names:
            info = tarfile.TarInfo(n); data = (n * 100).encode(); info.size = len(data)
            t.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo('link'); link.type = tarfile.SYMTYPE; link.linkname = '/etc/passwd'
        t.addfile(link)
        device = tarfile.TarInfo('device'); device.type = tarfile.CHRTYPE
        t.addfile(device)
`;

describe('unpacking', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-test-'));
    mkdirSync(join(folder, 'out'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  function made(kind: string): string {
    const path = join(folder, `archive.${kind}`);
    execFileSync('/usr/bin/python3', ['-c', MAKE, kind, path]);
    return path;
  }

  const into = (options: object = {}) => ({ folder: join(folder, 'out'), ...options });

  for (const kind of ['zip', 'tar', 'tar.gz'] as const) {
    it(`takes the files of a ${kind}, under numbers`, async () => {
      const path = made(kind);
      const found = (await imageKindOf(path))?.kind;
      assert.equal(found, kind === 'zip' ? 'zip' : 'tar');
      const files = await unpackArchive({ path, name: 'mine' }, found as 'zip' | 'tar', into());
      const names = ['a/one.dcm', '../../escaped', '/etc/escaped', 'two'];
      assert.deepEqual(
        files.map(({ name }) => name),
        names,
      );
      assert.deepEqual(readdirSync(join(folder, 'out')).sort(), ['0', '1', '2', '3']);
      for (const { path: file, name } of files) {
        assert.equal(readFileSync(file, 'utf8'), name.repeat(100));
      }
      assert.ok(!existsSync(join(folder, '../escaped')));
    });
  }

  it('passes over links', async () => {
    const files = await unpackArchive({ path: made('link.zip'), name: 'mine' }, 'zip', into());
    assert.deepEqual(
      files.map(({ name }) => name),
      ['real'],
    );
  });

  it('stops at more files, bytes or letters of a name than it may have', async () => {
    assert.ok(LONGEST_NAME_BYTES < 2000);
    await refused(made('long.zip'), into(), 'LIMIT_EXCEEDED', /name of 2000 bytes/);
    await refused(made('bomb.zip'), into({ maxBytes: 1_000_000 }), 'LIMIT_EXCEEDED', /bytes/);
    const three = into({ maxFiles: 3, folder: mkdtempSync(join(folder, 'x')) });
    await refused(made('zip'), three, 'LIMIT_EXCEEDED', /3 files/);
  });

  it('refuses a broken archive by name, in words of its own', async () => {
    const whole = readFileSync(made('zip'));
    const path = join(folder, 'cut.zip');
    writeFileSync(path, whole.subarray(0, whole.length - 60));
    await refused(
      path,
      into(),
      'VOLUME_CORRUPT',
      /^mine: .* got a zip that is cut short or broken; /,
    );
    const tar = readFileSync(made('tar'));
    const cut = join(folder, 'cut.tar');
    for (const [bytes, reason, words] of [
      [tar.subarray(0, 800), 'VOLUME_CORRUPT', /^mine: .* got a tar that is cut short or broken; /],
      [gzipSync(tar).subarray(0, -30), 'VOLUME_TRUNCATED', /^mine: .* an end in the middle/],
    ] as const) {
      writeFileSync(cut, bytes);
      await refused(cut, into({ folder: mkdtempSync(join(folder, 'x')) }), reason, words);
    }
    await refused(made('lzma.zip'), into(), 'VOLUME_TYPE_UNSUPPORTED', /Deflate.*method 14/);
  });

  for (const kind of ['stored.zip', 'deflated.zip'] as const) {
    it(`refuses other bytes than those that were packed: ${kind}`, async () => {
      const path = made(kind);
      const out = into({ folder: mkdtempSync(join(folder, 'x')) });
      assert.equal((await unpackArchive({ path, name: 'mine' }, 'zip', out)).length, 3);
      const bytes = readFileSync(path);
      // The content of the second, or of what the directory says of it.
      const at =
        kind === 'stored.zip' ? bytes.indexOf('twotwotwo') + 30 : bytes.lastIndexOf('two') - 30;
      bytes.writeUInt8(bytes.readUInt8(at) ^ 0x40, at);
      writeFileSync(path, bytes);
      await refused(
        path,
        into(),
        'VOLUME_CORRUPT',
        /^mine: .*checksum, got other bytes in its file two; /,
      );
    });
  }

  it('refuses a tar that is cut between two files', async () => {
    for (const kind of ['tar', 'pax.tar']) {
      const whole = readFileSync(made(kind));
      const path = join(folder, 'cut.tar');
      const starts = [...headersOf(whole)];
      assert.ok(starts.length > 3, String(starts));
      for (const at of starts.slice(1)) {
        for (const pack of [(bytes: Buffer) => bytes, gzipSync]) {
          writeFileSync(path, pack(whole.subarray(0, at)));
          const out = into({ folder: mkdtempSync(join(folder, 'x')) });
          await refused(
            path,
            out,
            'VOLUME_TRUNCATED',
            /^mine: .*without the block of zeros that ends it/,
          );
        }
      }
      for (const zeros of [512, 1024]) {
        writeFileSync(path, whole.subarray(0, (starts.at(-1) ?? 0) + zeros));
        const out = into({ folder: mkdtempSync(join(folder, 'x')) });
        await unpackArchive({ path, name: 'mine' }, 'tar', out);
      }
    }
  });

  it('holds nothing of an archive open that it stops at', async () => {
    for (const kind of ['large.tar', 'large.tar.gz', 'large.zip']) {
      const path = made(kind);
      const few = into({ folder: mkdtempSync(join(folder, 'x')), maxFiles: 1 });
      await refused(path, few, 'LIMIT_EXCEEDED', /1 files/);
      const cancel = new AbortController();
      const within = into({ folder: mkdtempSync(join(folder, 'x')), signal: cancel.signal });
      const ended = refused(path, within, 'CANCELLED', /cancellation/);
      while (readdirSync(within.folder).length === 0) await delay(0);
      cancel.abort();
      await ended;
      for (let n = 0; n < 100 && openFiles().includes(path); n++) await delay(5);
      assert.ok(!openFiles().includes(path), kind);
    }
  });
});

/** Where the headers of a tar begin, and behind them its end. */
function* headersOf(tar: Buffer): Generator<number> {
  let at = 0;
  for (; tar[at] !== 0; ) {
    yield at;
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 135), 8);
    at += 512 * (1 + Math.ceil(size / 512));
  }
  yield at;
}

/** What this process has open. */
function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return [];
    }
  });
}

async function refused(path: string, options: { folder: string }, reason: string, words: RegExp) {
  const kind = path.endsWith('.zip') ? 'zip' : 'tar';
  await assert.rejects(unpackArchive({ path, name: 'mine' }, kind, options), (error) => {
    assert.ok(error instanceof SextantError, String(error));
    assert.equal(error.reason, reason, error.message);
    assert.match(error.message, words);
    return true;
  });
}
