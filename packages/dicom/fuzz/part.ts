// One process of the fuzzing: every n-th mutant, one after the other. Its parent hears which it is at, so
// that a crash has a number.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDicomWorkers } from '../workers/index.ts';
import { examine } from './examine.ts';
import type { FuzzMessage, FuzzPart } from './fuzz.ts';
import { mutate } from './mutate.ts';
import { Numbers } from './numbers.ts';

const part: FuzzPart = JSON.parse(process.argv[2] ?? '{}');
const tell = (message: FuzzMessage) => process.send?.(message);
const folder = mkdtempSync(join(tmpdir(), 'sextant-fuzz-'));
const workers = startDicomWorkers({ count: 1 });
try {
  await warmUp();
  for (let index = part.first; index < part.end; index += part.step) {
    tell({ at: index });
    const numbers = new Numbers(part.seed, index);
    const file = numbers.pick(part.corpus);
    const other = readFileSync(numbers.pick(part.corpus));
    const { bytes, how } = mutate(readFileSync(file), numbers, other);
    const path = join(folder, 'mutant');
    writeFileSync(path, bytes);
    const honestBytes = Math.max(bytes.length, part.honestBytes[file] ?? statSync(file).size);
    const verdict = await examine(path, { workers, honestBytes });
    tell({ at: index, file, how, ...verdict });
  }
} finally {
  await workers.close();
  rmSync(folder, { recursive: true, force: true });
}
process.disconnect();

/** The decoders are loaded by the first file that needs them: their own memory is no file's. */
async function warmUp(): Promise<void> {
  for (const path of part.warmUp) await examine(path, { workers, honestBytes: 2 ** 40 });
}
