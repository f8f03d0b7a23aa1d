import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { SextantError } from '#errors';
import { type Network, openEngine, resample, Tensor, tensorBytes } from '../index.ts';
import { matrixPowerModel } from './test-models.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const CANCELS = 3000;
const CONCURRENCY = 16;
const SEED = 7;
const SIZE = 24;
const HALVED = [0.5, 0, 0, 0, 0, 0.5, 0, 0, 0, 0, 0.5, 0];

describe('a storm of cancels on the addon', function () {
  this.timeout(240_000);
  let folder: string;
  let network: Network;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-storm-'));
    const modelPath = join(folder, 'power.onnx');
    writeFileSync(modelPath, matrixPowerModel(40));
    network = await openEngine().load({ modelPath });
  });
  after(() => {
    network?.dispose();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  /** A power of the identity, which is one. */
  async function runNetwork(signal: AbortSignal): Promise<void> {
    using x = identity();
    using power = Tensor.empty('float32', [SIZE, SIZE]);
    await network.run({ inputs: { x }, outputs: { power }, signal });
    assert.deepEqual(power.toArray(), x.toArray());
  }

  async function runOperation(signal: AbortSignal): Promise<void> {
    using input = Tensor.fromArray('int16', [2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]);
    using output = Tensor.empty('float32', [40, 40, 40]);
    await resample({ input, output, outputToInput: HALVED, fill: 9, signal });
    const values = output.toArray() as Float32Array;
    assert.deepEqual([values[0], values[2], values.at(-1)], [1, 2, 9]);
  }

  it(`of ${CANCELS} ends each with its right answer or CANCELLED, and frees everything`, async () => {
    const random = seeded(SEED);
    const before = await bytesInUse();
    const outcomes = { answered: 0, cancelled: 0 };
    const one = async (work: (signal: AbortSignal) => Promise<void>) => {
      const controller = new AbortController();
      const running = work(controller.signal);
      const ended = running.then(
        () => {
          outcomes.answered += 1;
        },
        (error: unknown) => {
          assert.ok(error instanceof SextantError && error.reason === 'CANCELLED', `${error}`);
          outcomes.cancelled += 1;
        },
      );
      for (let turns = Math.floor(random() * 8); turns > 0; turns--) await turn();
      controller.abort();
      await ended;
    };
    let left = CANCELS;
    const caller = async () => {
      while (left-- > 0) await one(left % 2 === 0 ? runNetwork : runOperation);
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, caller));
    const { answered, cancelled } = outcomes;
    console.log(`      ${answered} answered, ${cancelled} cancelled`);
    assert.equal(answered + cancelled, CANCELS);
    assert.ok(answered > 0 && cancelled > 0);
    assert.ok((await bytesInUse()) <= before);
    await runNetwork(new AbortController().signal);
    await runOperation(new AbortController().signal);
  });
});

/** Bytes of tensors that are not garbage: an ArrayBuffer over one holds it until it is collected. */
async function bytesInUse(): Promise<number> {
  let least = tensorBytes();
  for (let quiet = 0; quiet < 5; quiet++) {
    collectGarbage();
    await pause(20);
    if (tensorBytes() < least) quiet = 0;
    least = Math.min(least, tensorBytes());
  }
  return least;
}

function identity(): Tensor {
  const values = new Float32Array(SIZE * SIZE);
  for (let n = 0; n < SIZE; n++) values[n * SIZE + n] = 1;
  return Tensor.fromArray('float32', [SIZE, SIZE], values);
}

/** Numbers in [0, 1) that a seed repeats. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
