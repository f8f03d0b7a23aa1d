// Percentiles against a copy of the bytes, and against numpy.percentile, which times itself.
// npx tsx native/cuda-kernels/ops/order_statistics/bench.ts
import { spawnSync } from 'node:child_process';
import { Tensor } from '../../lib/tensor.ts';
import { comparePairs, pairedLine } from '../../test/pairs.ts';
import { random } from '../../test/parity.ts';
import { percentiles } from './index.ts';

const COUNT = 1_000_000;
const PERCENTS = [0.5, 99.5];

const chance = random(1);
const values = Float32Array.from({ length: COUNT }, () => 1000 * (chance() + chance() - 1));
using input = Tensor.fromArray('float32', [100, 100, 100], values);

const program = `
import sys, json, time, numpy as np
x = np.frombuffer(sys.stdin.buffer.read(), np.float32)
begin = time.perf_counter()
result = np.percentile(x.astype(np.float64), ${JSON.stringify(PERCENTS)})
print(json.dumps([(time.perf_counter() - begin) * 1000, result.tolist()]))`;

function askNumpy(): [ms: number, percentiles: number[]] | undefined {
  const bytes = new Uint8Array(values.buffer);
  const { status, stdout } = spawnSync('/usr/bin/python3', ['-c', program], { input: bytes });
  return status === 0 ? JSON.parse(stdout.toString()) : undefined;
}

const ours = async () => {
  const begin = performance.now();
  await percentiles({ input, percents: PERCENTS });
  return performance.now() - begin;
};
const target = new Float32Array(COUNT);
const copy = () => {
  target.set(values);
  return undefined;
};

const what = `two percentiles of ${COUNT}`;
const beside = await comparePairs({ name: 'ours', run: ours }, { name: 'copy', run: copy });
console.log(pairedLine(what, 'copy', beside));

const answer = askNumpy();
if (answer === undefined) {
  console.log('skipped: python3-numpy is not installed');
} else {
  const mine = await percentiles({ input, percents: PERCENTS });
  if (answer[1].join() !== mine.join()) throw new Error(`numpy says ${answer[1]}, not ${mine}`);
  const numpy = { name: 'numpy', run: () => askNumpy()?.[0] };
  const result = await comparePairs({ name: 'ours', run: ours }, numpy, { pairs: 5 });
  console.log(pairedLine(what, 'numpy', result));
}
