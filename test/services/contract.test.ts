import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Services, startServices } from './running.ts';

const ROOT = join(import.meta.dirname, '../..');
const PROTO = join(ROOT, 'proto');

describe('the contract and buf', () => {
  let folder: string;
  let services: Services;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-buf-'));
    services = await startServices();
  });
  after(async () => {
    await services?.stop();
    rmSync(folder, { recursive: true });
  });

  /** Not synchronous: the servers that it may ask live in this process. */
  async function buf(
    args: readonly string[],
    cwd: string,
  ): Promise<{ status: number; out: string }> {
    const child = spawn(
      process.execPath,
      [join(ROOT, 'node_modules/@bufbuild/buf/bin/buf'), ...args],
      {
        cwd,
        env: { ...process.env, BUF_CACHE_DIR: join(folder, 'cache') },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const status = new Promise<number>((resolve) =>
      child.on('close', (code) => resolve(code ?? 1)),
    );
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { status: await status, out: out + err };
  }

  it('is clean under the STANDARD lint', async () => {
    assert.deepEqual(await buf(['lint'], PROTO), { status: 0, out: '' });
  });

  it('breaks nothing of the committed image', async () => {
    const { status, out } = await buf(['breaking', '--against', 'contract.binpb'], PROTO);
    assert.equal(status, 0, out);
  });

  const edits: [string, string, RegExp, string, RegExp][] = [
    [
      'a field renumbered',
      'annotation',
      /double x = 1;/,
      'double x = 9;',
      /field "1" with name "x"/,
    ],
    [
      'a field retyped',
      'volume',
      /uint64 offset_bytes = 1;/,
      'string offset_bytes = 1;',
      /changed type/,
    ],
    ['a call gone', 'model', /rpc GetModel\(.*;/, '', /"GetModel"/],
    [
      'a call that streams no more',
      'annotation',
      /returns \(stream AnnotateResponse\)/,
      'returns (AnnotateResponse)',
      /stream/,
    ],
  ];
  for (const [name, file, from, to, told] of edits) {
    it(`is guarded: ${name} fails`, async () => {
      const copy = join(folder, name.replaceAll(' ', '-'));
      cpSync(PROTO, copy, { recursive: true });
      const path = join(copy, `sextant/v1/${file}.proto`);
      const before = readFileSync(path, 'utf8');
      const after = before.replace(from, to);
      assert.notEqual(after, before, 'the edit found its place');
      writeFileSync(path, after);
      const { status, out } = await buf(['breaking', '--against', 'contract.binpb'], copy);
      assert.notEqual(status, 0);
      assert.match(out, told);
    });
  }

  const curl = (address: string, method: string, data: string) =>
    buf(
      [
        'curl',
        '--protocol',
        'grpc',
        '--http2-prior-knowledge',
        '--reflect',
        '--data',
        data,
        `http://${address}/${method}`,
      ],
      folder,
    );

  it('is what reflection tells: buf curl calls without the protos', async () => {
    const { status, out } = await curl(
      services.address,
      'sextant.v1.ModelService/GetModel',
      '{"name": "annotation_any"}',
    );
    assert.equal(status, 0, out);
    assert.equal(JSON.parse(out).model.licence, 'Apache-2.0');
    const health = await curl(services.address, 'grpc.health.v1.Health/Check', '{}');
    assert.deepEqual(JSON.parse(health.out), { status: 'SERVING' });
    const internal = await curl(
      services.inferenceAddress,
      'sextant.v1.InferenceService/ListLoadedModels',
      '{}',
    );
    assert.equal(JSON.parse(internal.out).models.length, 2);
  });

  it('tells errors with their details to buf curl', async () => {
    const { status, out } = await curl(
      services.address,
      'sextant.v1.ModelService/GetModel',
      '{"name": "annotation_ani"}',
    );
    assert.notEqual(status, 0);
    const { code, details } = JSON.parse(out);
    assert.equal(code, 'not_found');
    const info = details.find(({ type }: { type: string }) => type === 'google.rpc.ErrorInfo');
    assert.ok(info, out);
  });
});
