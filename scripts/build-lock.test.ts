import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LOCK = new URL('build-lock.mjs', import.meta.url).href;

describe('the lock of a build', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-lock-'));
    file = join(folder, 'build', '.lock');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Holds the lock a while; writes down when it got it and when it let it go. */
  const program = (name: string) => `
    import { appendFileSync } from 'node:fs';
    import { holdLock } from ${JSON.stringify(LOCK)};
    holdLock(${JSON.stringify(file)});
    const note = (text) => appendFileSync(${JSON.stringify(join(folder, 'notes'))}, text);
    note('${name} ');
    setTimeout(() => note('${name} '), 50);`;
  const arguments_ = (name: string) => ['--input-type=module', '--eval', program(name)];

  it('lets one process in at a time', async () => {
    const names = ['a', 'b', 'c'];
    const ends = names.map((name) => {
      const child = spawn(process.execPath, arguments_(name), { stdio: 'ignore' });
      return new Promise((resolve) => child.once('exit', resolve));
    });
    assert.deepEqual(await Promise.all(ends), [0, 0, 0]);
    const notes = readFileSync(join(folder, 'notes'), 'utf8');
    assert.match(notes, /^(\w) \1 (\w) \2 (\w) \3 $/);
    assert.equal(existsSync(file), false);
  });

  it('is taken over from a process that is gone', () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    spawnSync('mkdir', [join(folder, 'build')]);
    writeFileSync(file, `${pid}\n`);
    const { status } = spawnSync(process.execPath, arguments_('a'), { timeout: 20_000 });
    assert.equal(status, 0);
  });
});
