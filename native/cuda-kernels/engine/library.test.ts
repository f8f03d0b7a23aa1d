import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// A library of its own each, so a process of its own each: a process has one engine.
describe('the library of the engine', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-library-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('is found in the package', () => {
    const { opened } = open(undefined);
    assert.match(opened ?? '', /^\d+\.\d+\.\d+$/);
  });

  it('is refused when it is missing', () => {
    const library = join(folder, 'libnowhere.so');
    const { reason, message } = open(library);
    assert.equal(reason, 'ENGINE_UNAVAILABLE');
    assert.match(message ?? '', /libnowhere\.so: expected ONNX Runtime 1\.11 or later/);
    assert.match(message ?? '', /No such file/);
  });

  it('is refused when it is no library', () => {
    const library = join(folder, 'text.so');
    writeFileSync(library, 'a plain text');
    assert.equal(open(library).reason, 'ENGINE_UNAVAILABLE');
  });

  it('is refused when it is another library', () => {
    const { reason, message } = open(compile('int other(void) { return 1; }'));
    assert.equal(reason, 'ENGINE_UNAVAILABLE');
    assert.match(message ?? '', /a library without OrtGetApiBase/);
  });

  it('is refused when it is older, with both versions', () => {
    const { reason, message } = open(
      compile(`
        static const void* api(unsigned version) { return version <= 8 ? (void*)1 : (void*)0; }
        static const char* name(void) { return "1.8.2"; }
        static const struct { const void* (*api)(unsigned); const char* (*name)(void); } base = {api, name};
        const void* OrtGetApiBase(void) { return &base; }
      `),
    );
    assert.equal(reason, 'ENGINE_UNAVAILABLE');
    assert.match(
      message ?? '',
      /expected ONNX Runtime 1\.11 or later \(C API 11\), got ONNX Runtime 1\.8\.2/,
    );
  });

  function compile(source: string): string {
    const library = join(folder, 'libmade.so');
    const { status, stderr } = spawnSync('cc', ['-shared', '-fPIC', '-xc', '-', '-o', library], {
      input: source,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    return library;
  }
});

function open(library: string | undefined): { opened?: string; reason?: string; message?: string } {
  const engine = JSON.stringify(new URL('engine.ts', import.meta.url).href);
  const options = JSON.stringify(library === undefined ? {} : { library });
  const program = `
    import { openEngine } from ${engine};
    try {
      console.log(JSON.stringify({ opened: openEngine(${options}).version }));
    } catch ({ reason, message }) {
      console.log(JSON.stringify({ reason, message }));
    }`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--import=tsx', '--input-type=module', '--eval', program],
    { encoding: 'utf8', timeout: 30_000 },
  );
  assert.equal(stderr, '');
  return JSON.parse(stdout);
}
