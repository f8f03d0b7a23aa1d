import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { SextantError } from '#errors';
import { readNifti } from './read.ts';
import { FUZZ_CORPUS } from './testing/fuzz-corpus.ts';

const BUDGET_MS = 3000;
const LIMIT_BYTES = 16 * 2 ** 20;

/** Values that break arithmetic on lengths, put in the place of fields. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

describe('NIfTI from mutated bytes', () => {
  it('is read or refused with a reason, in bounded time and memory', async () => {
    const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
    const random = seeded(seed);
    const start = performance.now();
    const rss = process.memoryUsage().rss;
    let tried = 0;
    let read = 0;
    for (; performance.now() - start < BUDGET_MS; tried++) {
      const bytes = mutated(random);
      const before = performance.now();
      try {
        (await readNifti({ bytes }, { volumeLimitBytes: LIMIT_BYTES })).dispose();
        read++;
      } catch (error) {
        assert.ok(error instanceof SextantError, report({ seed, bytes, what: String(error) }));
      }
      const ms = performance.now() - before;
      assert.ok(ms < 2000, report({ seed, bytes, what: `took ${ms} ms` }));
    }
    const grown = process.memoryUsage().rss - rss;
    assert.ok(grown < 512 * 2 ** 20, `seed ${seed}: memory grew by ${grown} bytes`);
    assert.ok(read > 0 && read < tried, `seed ${seed}: ${read} of ${tried} were read`);
    console.log(`      ${tried} inputs, ${read} read, seed ${seed}`);
  });
});

/** One of the corpus with some bytes changed, before or after it was compressed. */
function mutated(random: () => number): Uint8Array {
  const chosen = FUZZ_CORPUS[Math.floor(random() * FUZZ_CORPUS.length)] ?? new Uint8Array(0);
  const kind = Math.floor(random() * 4);
  if (kind === 0) return changed(chosen, random, 348);
  if (kind === 1) return gzipSync(changed(chosen, random, 348));
  const compressed = gzipSync(chosen);
  if (kind === 2) return changed(compressed, random, compressed.length);
  return compressed.subarray(0, Math.floor(random() * compressed.length));
}

function changed(original: Uint8Array, random: () => number, within: number): Uint8Array {
  const bytes = Uint8Array.from(original);
  const view = new DataView(bytes.buffer);
  for (let count = 1 + Math.floor(random() * 6); count > 0; count--) {
    const at = Math.floor(random() * (Math.min(within, bytes.length) - 4));
    const edge = EDGES[Math.floor(random() * EDGES.length)] ?? 0;
    if (random() < 0.3) bytes[at] = Math.floor(random() * 256);
    else if (random() < 0.5) view.setUint16(at & ~1, edge, random() < 0.5);
    else view.setUint32(at & ~3, edge, random() < 0.5);
  }
  return random() < 0.1 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes;
}

function report({ seed, bytes, what }: { seed: number; bytes: Uint8Array; what: string }): string {
  return `FUZZ_SEED=${seed}: ${what}; input (base64): ${Buffer.from(bytes).toString('base64')}`;
}

function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}
