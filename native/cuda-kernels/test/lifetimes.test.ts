import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { SextantError } from '#errors';
import { resample, Tensor } from '../index.ts';

const midJob = fileURLToPath(new URL('./mid-job.mjs', import.meta.url));
const OBLIQUE = [0.01, 0.001, 0, 0, 0, 0.01, 0, 0, 0, 0, 0.01, 0];
const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

describe('lifetimes', () => {
  it('a job keeps the memory of tensors that are disposed while it runs', async () => {
    const input = Tensor.fromArray('int16', [1, 1, 1], [7]);
    const output = Tensor.empty('float32', [160, 160, 160]);
    const memory = output.bytes();
    const job = resample({ input, output, outputToInput: OBLIQUE, fill: 3 });
    input.dispose();
    output.dispose();
    await job;
    const values = new Float32Array(memory.buffer as ArrayBuffer);
    assert.equal(values[0], 7);
    assert.equal(values.at(-1), 3);
    // Without an ArrayBuffer over it nothing but the job holds the memory.
    const input2 = Tensor.fromArray('int16', [1, 1, 1], [7]);
    const output2 = Tensor.empty('float32', [160, 160, 160]);
    const job2 = resample({ input: input2, output: output2, outputToInput: OBLIQUE });
    input2.dispose();
    output2.dispose();
    await job2;
  });

  it('a disposed tensor is refused by an operation', async () => {
    using output = Tensor.empty('float32', [2, 2, 2]);
    const input = Tensor.empty('float32', [2, 2, 2]);
    input.dispose();
    await assert.rejects(
      resample({ input, output, outputToInput: IDENTITY }),
      (error) => error instanceof SextantError && error.reason === 'TENSOR_DISPOSED',
    );
  });

  it('process.exit in mid-job ends the process with its status', function () {
    this.timeout(120_000);
    for (let round = 0; round < 5; round++) {
      const child = spawnSync(process.execPath, [...conditions(), midJob], { encoding: 'utf8' });
      assert.equal(child.status, 7, `round ${round}: ${child.signal} ${child.stderr}`);
      assert.equal(child.stdout, '', 'the operations were to be unfinished');
    }
  });

  it('a worker thread ended in mid-job takes nothing with it', async function () {
    this.timeout(120_000);
    for (let round = 0; round < 8; round++) {
      const worker = new Worker(midJob, { execArgv: conditions() });
      const [message] = await once(worker, 'message');
      assert.equal(message, 'in mid-job');
      assert.equal(await worker.terminate(), 1);
    }
    using input = Tensor.fromArray('int16', [1, 1, 1], [7]);
    using output = Tensor.empty('float32', [1, 1, 1]);
    await resample({ input, output, outputToInput: IDENTITY });
    assert.equal(output.toArray()[0], 7);
  });

  it('a process whose only use of the addon was in an ended worker exits cleanly', function () {
    this.timeout(120_000);
    const script = `
      const { Worker } = require('node:worker_threads');
      const worker = new Worker(${JSON.stringify(midJob)}, { execArgv: ${JSON.stringify(conditions())} });
      worker.on('message', () => worker.terminate().then(() => console.log('ended')));`;
    const output = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    assert.equal(output, 'ended\n');
  });

  it('an idle addon does not keep a process alive', () => {
    const script = `
      import { Tensor, resample } from ${JSON.stringify(new URL('../index.ts', import.meta.url).href)};
      const tensor = Tensor.empty('float32', [2, 2, 2]);
      await resample({ input: tensor, output: Tensor.empty('float32', [2, 2, 2]),
        outputToInput: ${JSON.stringify(IDENTITY)} });
      console.log('done');`;
    const flags = [...conditions(), '--import=tsx', '--input-type=module', '-e', script];
    const output = execFileSync(process.execPath, flags, { encoding: 'utf8', timeout: 30_000 });
    assert.equal(output, 'done\n');
  });

  it('10,000 rounds of tensors, views, bytes and jobs leave memory flat', async function () {
    this.timeout(300_000);
    await rounds(1_000);
    const before = process.memoryUsage().rss;
    await rounds(10_000);
    const grownMib = (process.memoryUsage().rss - before) / 2 ** 20;
    // 10,000 leaked blocks of 64 KiB would be 640 MiB.
    assert.ok(grownMib < 100, `grew by ${grownMib.toFixed(0)} MiB`);
  });

  it('10,000 forgotten tensors are collected, not kept', async function () {
    this.timeout(300_000);
    for (let n = 0; n < 1_000; n++) forget();
    const before = process.memoryUsage().rss;
    for (let n = 0; n < 10_000; n++) {
      forget();
      if (n % 100 === 0) await new Promise(setImmediate);
    }
    const grownMib = (process.memoryUsage().rss - before) / 2 ** 20;
    // Without memory accounting the collector would see 10,000 small objects: 2.5 GiB.
    assert.ok(grownMib < 600, `grew by ${grownMib.toFixed(0)} MiB`);
  });
});

async function rounds(count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    using input = Tensor.empty('uint8', [40, 40, 40]);
    using view = input.flip([0]).permute([2, 1, 0]);
    using output = Tensor.empty('float32', [16, 16, 16]);
    input.bytes()[0] = n;
    const job = resample({ input: view, output, outputToInput: IDENTITY });
    if (n % 2 === 0) output.dispose();
    await job;
  }
}

function forget(): void {
  Tensor.empty('uint8', [256, 1024]).bytes().fill(1);
}

/** The sanitized addon is picked by a condition of package.json, in child processes as well. */
function conditions(): string[] {
  return process.execArgv.filter((flag) => flag.startsWith('--conditions'));
}
