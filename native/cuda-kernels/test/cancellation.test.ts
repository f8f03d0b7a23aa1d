import assert from 'node:assert/strict';
import { setMaxListeners } from 'node:events';
import { SextantError } from '#errors';
import { devices, resample, Tensor, tensorBytes } from '../index.ts';

const OBLIQUE = [0.01, 0.001, 0, 0, 0, 0.01, 0, 0, 0, 0, 0.01, 0];

describe('cancellation', () => {
  const input = Tensor.fromArray('int16', [2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]);
  const start = (output: Tensor, signal: AbortSignal) =>
    resample({ input, output, outputToInput: OBLIQUE, signal });
  const cancelled = (error: unknown) =>
    error instanceof SextantError && error.reason === 'CANCELLED';

  it('stops a running operation between tiles', async () => {
    using output = Tensor.empty('float32', [500, 500, 500]);
    const controller = new AbortController();
    const job = start(output, controller.signal);
    await new Promise((resolve) => setTimeout(resolve, 20));
    controller.abort();
    await assert.rejects(job, cancelled);
    const written = new Float32Array(output.bytes().buffer as ArrayBuffer);
    assert.equal(written.at(-1), 0, 'it ran to its end all the same');
  });

  it('rejects before it starts when the signal has fired', async () => {
    using output = Tensor.empty('float32', [2, 2, 2]);
    await assert.rejects(start(output, AbortSignal.abort()), cancelled);
    assert.equal(output.toArray()[0], 0);
  });

  it('drops operations that wait in the queue', async () => {
    using output = Tensor.empty('float32', [200, 200, 200]);
    const controller = new AbortController();
    setMaxListeners(50, controller.signal);
    const jobs = Array.from({ length: 50 }, () => start(output, controller.signal));
    controller.abort();
    const outcomes = await Promise.allSettled(jobs);
    assert.ok(outcomes.every(({ status }) => status === 'rejected'));
  });

  it('rejects at once what no thread has taken up, and gives its memory back', async () => {
    using slow = Tensor.empty('float32', [500, 500, 500]);
    const stop = new AbortController();
    setMaxListeners(50, stop.signal);
    // As many long operations as take every thread, and as many again.
    const busy = Array.from({ length: 2 * devices().cpu.threads }, () => start(slow, stop.signal));
    const before = tensorBytes();
    const output = Tensor.empty('float32', [10, 10, 10]);
    const controller = new AbortController();
    const queued = start(output, controller.signal);
    output.dispose();
    assert.equal(tensorBytes(), before + 4000, 'the job holds it');
    controller.abort();
    assert.equal(tensorBytes(), before);
    await assert.rejects(Promise.race([queued, ...busy]), cancelled);
    stop.abort();
    await Promise.allSettled(busy);
  });

  it("passes on the signal's own error", async () => {
    using output = Tensor.empty('float32', [500, 500, 500]);
    const controller = new AbortController();
    const job = start(output, controller.signal);
    const late = new SextantError('DEADLINE_EXCEEDED', {
      subject: 'request',
      got: '1 s',
      expected: 'less',
    });
    setTimeout(() => controller.abort(late), 10);
    await assert.rejects(job, late);
  });

  it('an abort after the end does nothing, and no listener stays', async () => {
    using output = Tensor.empty('float32', [2, 2, 2]);
    const controller = new AbortController();
    await start(output, controller.signal);
    controller.abort();
    assert.equal(output.toArray()[0], 1);
  });
});
