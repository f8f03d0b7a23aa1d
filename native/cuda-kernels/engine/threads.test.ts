import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

// A number of threads holds for a process, so each case has a process of its own.
describe('the threads of a process', () => {
  it('are as many as cores may be used, until the engine says otherwise', () => {
    const { before } = run('openEngine({})');
    assert.ok(before >= 1 && before <= availableParallelism(), `${before} threads`);
  });

  for (const threads of [1, availableParallelism() + 2]) {
    it(`are ${threads} for operations too when the engine is opened with ${threads}`, () => {
      const { after, engine, mean } = run(`openEngine({ threads: ${threads} })`);
      assert.deepEqual({ after, engine, mean }, { after: threads, engine: threads, mean: 3 });
    });
  }
});

interface Answer {
  before: number;
  after: number;
  engine: number;
  mean: number;
}

function run(open: string): Answer {
  const index = JSON.stringify(new URL('../index.ts', import.meta.url).href);
  const program = `
    import { devices, openEngine, statistics, Tensor } from ${index};
    const before = devices().cpu.threads;
    const engine = ${open}.threads;
    const input = Tensor.fromArray('float32', [64, 64, 64], new Float32Array(64 ** 3).fill(3));
    const { mean } = await statistics({ input });
    console.log(JSON.stringify({ before, engine, after: devices().cpu.threads, mean }));`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--import=tsx', '--input-type=module', '--eval', program],
    { encoding: 'utf8', timeout: 30_000 },
  );
  assert.equal(stderr, '');
  return JSON.parse(stdout);
}
