// `npm run fuzz [-- COUNT [SEED]]`: mutated real files through the parser and the decoders.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fuzzCorpus } from './corpus.ts';
import { fuzz } from './fuzz.ts';

const data = join(import.meta.dirname, '../../../../shared/data/dicom');
const [count = 100_000, seed = Math.floor(Math.random() * 2 ** 31)] = process.argv
  .slice(2)
  .map(Number);
if (!existsSync(data)) {
  console.log('skipped: the real files that mutants are made of are not here (shared/data/dicom)');
  process.exit(0);
}
console.log(`${count} mutants, seed ${seed}`);
const began = performance.now();
let told = 0;
const { done, outcomes, broken } = await fuzz({
  ...fuzzCorpus(data),
  count,
  seed,
  onProgress(number) {
    const seconds = (performance.now() - began) / 1000;
    if (seconds - told < 10) return;
    told = seconds;
    const left = (seconds / number) * (count - number);
    console.log(`${number} of ${count}, ${seconds.toFixed(0)} s, ${left.toFixed(0)} s left`);
  },
});
for (const [outcome, times] of [...outcomes].sort(([, a], [, b]) => b - a)) {
  console.log(`${String(times).padStart(7)}  ${outcome}`);
}
for (const line of broken) console.log(`BROKEN  ${line}`);
console.log(`${done} read or refused, ${broken.length} beyond their bounds`);
process.exitCode = broken.length === 0 && done === count ? 0 : 1;
