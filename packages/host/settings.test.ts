import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SextantError } from '#errors';
import { readSettings } from './settings.ts';

describe('settings', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-settings-'));
    file = join(folder, 'sextant.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = (argv: string[], env: Record<string, string> = {}) =>
    readSettings(['grpcPort', 'volumeLimit', 'skipBrokenModels', 'socket'], { argv, env, file });

  it('takes the default, the file, the variable and the flag, each over the one before', () => {
    assert.equal(read([]).grpcPort, 50051);
    writeFileSync(file, '{"grpc-port": 1001}');
    assert.equal(read([]).grpcPort, 1001);
    const env = { SEXTANT_GRPC_PORT: '1002' };
    assert.equal(read([], env).grpcPort, 1002);
    assert.equal(read(['--grpc-port', '1003'], env).grpcPort, 1003);
    assert.equal(read(['--grpc-port=1004'], env).grpcPort, 1004);
  });

  it('leaves a setting without default undefined', () => {
    assert.equal(read([]).socket, undefined);
  });

  it('reads sizes with units and switches both ways', () => {
    assert.equal(read(['--volume-limit', '1.5GiB']).volumeLimit, 1.5 * 1024 ** 3);
    assert.equal(read(['--volume-limit', '2 mib']).volumeLimit, 2 * 1024 ** 2);
    assert.equal(read(['--skip-broken-models']).skipBrokenModels, true);
    assert.equal(read([], { SEXTANT_SKIP_BROKEN_MODELS: '1' }).skipBrokenModels, true);
    writeFileSync(file, '{"skip-broken-models": true}');
    assert.equal(read(['--no-skip-broken-models']).skipBrokenModels, false);
  });

  it('takes a spacing in the file as a number, as text and as a flag', () => {
    const resolution = (argv: string[] = []) =>
      readSettings(['resolution'], { argv, env: {}, file }).resolution;
    for (const [json, text] of [
      ['2', '2'],
      ['0.8', '0.8'],
      ['"0.8,0.8,2"', '0.8,0.8,2'],
    ]) {
      writeFileSync(file, `{"resolution": ${json}}`);
      assert.equal(resolution(), text);
    }
    assert.equal(resolution(['-r', '1']), '1');
  });

  it('takes the last of a flag given twice, and refuses two inputs', () => {
    assert.equal(read(['--grpc-port', '1', '--grpc-port=2']).grpcPort, 2);
    assert.throws(
      () => readSettings(['input'], { argv: ['-d', 'a', '--input=b'], env: {}, file }),
      {
        reason: 'CONFIG_INVALID',
        message: /--input: expected one: .*got two values/,
      },
    );
  });

  it('takes a word in any letter case', () => {
    const { space } = readSettings(['space'], { argv: ['--space', 'RAS'], env: {}, file });
    assert.equal(space, 'ras');
  });

  it("finds Sextant's own pool file from any folder", () => {
    const here = process.cwd();
    const pool = () => readSettings(['config'], { argv: [], env: {}, file }).config;
    assert.equal(pool(), 'models/engine_pool.json');
    process.chdir(folder);
    try {
      assert.equal(pool(), join(here, 'models/engine_pool.json'));
    } finally {
      process.chdir(here);
    }
  });

  it('knows the keys of other processes, so that all can share one file', () => {
    writeFileSync(file, '{"http-port": 80}');
    assert.equal(read([]).grpcPort, 50051);
  });

  const refusals: [string, () => unknown, RegExp][] = [
    ['a flag', () => read(['--grpc-port', 'many']), /^--grpc-port: expected a whole .* got "many"/],
    ['an empty number', () => read(['--grpc-port', '']), /^--grpc-port: .* got ""/],
    ['a port too high', () => read(['--grpc-port', '65536']), /from 0 to 65535, got "65536"/],
    ['a variable', () => read([], { SEXTANT_GRPC_PORT: '-1' }), /^SEXTANT_GRPC_PORT: .* got "-1"/],
    ['no value', () => read(['--grpc-port']), /^--grpc-port: .* got no value/],
    ['an unknown flag', () => read(['--grcp-port', '1']), /^--grcp-port: .*mean --grpc-port\?/],
    ['a letter that is none', () => read(['-undefined', '1']), /^-undefined: expected a flag/],
    ['an unknown word', () => read(['serve']), /^serve: expected only flags/],
    [
      'an unknown variable',
      () => read([], { SEXTANT_GRPCPORT: '1' }),
      /^SEXTANT_GRPCPORT: .*mean SEXTANT_GRPC_PORT\?/,
    ],
    [
      'a key',
      () => {
        writeFileSync(file, '{"grpc-port": 1.5}');
        return read([]);
      },
      /sextant\.json: grpc-port: expected .* got 1\.5/,
    ],
    [
      'an unknown key',
      () => {
        writeFileSync(file, '{"grpcport": 1}');
        return read([]);
      },
      /sextant\.json: grpcport: .*mean grpc-port\?/,
    ],
    [
      'every unknown key at once',
      () => {
        writeFileSync(file, '{"grpcport": 1, "http-port": 2, "modle": "a"}');
        return read([]);
      },
      /sextant\.json: grpcport, modle: .*mean grpc-port, model\?/,
    ],
    [
      'a file that is no JSON',
      () => {
        writeFileSync(file, '{\n  "grpc-port" 1\n}');
        return read([]);
      },
      /sextant\.json:2:15: expected a JSON object.*got "colon expected"/,
    ],
    [
      'a file of another JSON value',
      () => {
        writeFileSync(file, '[]');
        return read([]);
      },
      /sextant\.json: expected a JSON object/,
    ],
  ];
  for (const [name, act, message] of refusals) {
    it(`refuses ${name} and says where it came from`, () => {
      assert.throws(act, (error) => {
        assert.ok(error instanceof SextantError, String(error));
        assert.equal(error.reason, 'CONFIG_INVALID');
        assert.match(error.message, message);
        return true;
      });
    });
  }
});
