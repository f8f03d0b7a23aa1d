import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { SextantError } from '#errors';
import { imageKindOf } from '#volume';
import { LONGEST_NAME_BYTES } from '../limits.ts';
import { unpackArchive } from './unpack.ts';

/** Archives as Python makes them, also such as nobody should make. */
const MAKE = `
import io, sys, tarfile, zipfile
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
      const files = await unpackArchive(path, found as 'zip' | 'tar', into());
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
    const files = await unpackArchive(made('link.zip'), 'zip', into());
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

  it('refuses a broken archive by name', async () => {
    const whole = readFileSync(made('zip'));
    const path = join(folder, 'cut.zip');
    writeFileSync(path, whole.subarray(0, whole.length - 60));
    await refused(path, into(), 'VOLUME_CORRUPT', /archive/);
    const tar = gzipSync(readFileSync(made('tar')));
    const cut = join(folder, 'cut.tar.gz');
    writeFileSync(cut, tar.subarray(0, tar.length - 30));
    const out = into({ folder: mkdtempSync(join(folder, 'x')) });
    await assert.rejects(unpackArchive(cut, 'tar', out), SextantError);
  });
});

async function refused(path: string, options: { folder: string }, reason: string, words: RegExp) {
  await assert.rejects(unpackArchive(path, 'zip', options), (error) => {
    assert.ok(error instanceof SextantError, String(error));
    assert.equal(error.reason, reason, error.message);
    assert.match(error.message, words);
    return true;
  });
}
