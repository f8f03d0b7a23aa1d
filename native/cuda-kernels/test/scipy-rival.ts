import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DTYPES } from '../lib/dtype.ts';
import type { Tensor } from '../lib/tensor.ts';
import { comparePairs, pairedLine } from './pairs.ts';

export interface Duel {
  readonly what: string;
  /** By the names that they have in `theirs`; dense, in C order. */
  readonly inputs: Readonly<Record<string, Tensor>>;
  /** What both must give; dense, in C order. */
  readonly output: Tensor;
  /** What ours needs before each run; not timed. */
  readonly prepare?: () => void;
  readonly ours: () => Promise<unknown>;
  /** Python that is run before, not timed. */
  readonly setup?: string;
  /** Python that makes `out`, with numpy as np and scipy's ndimage. It alone is timed. */
  readonly theirs: string;
  /** How far apart, relative to the larger of 1 and theirs. */
  readonly tolerance: number;
  readonly pairs?: number;
  /** Default scipy. */
  readonly rival?: string;
}

/** Times an operation and scipy in turn, checks that both give the same and prints a bench's line. */
export async function againstScipy(duel: Duel): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sextant-bench-'));
  try {
    for (const [name, tensor] of Object.entries(duel.inputs)) {
      writeFileSync(join(folder, name), tensor.bytes());
    }
    const theirs = () => runScipy(duel, folder);
    if (theirs() === undefined) {
      console.log('skipped: python3-scipy is not installed');
      return;
    }
    const ours = async () => {
      duel.prepare?.();
      const begin = performance.now();
      await duel.ours();
      return performance.now() - begin;
    };
    const contestants = [
      { name: 'ours', run: ours },
      { name: 'scipy', run: theirs },
    ] as const;
    const result = await comparePairs(...contestants, { pairs: duel.pairs ?? 3 });
    checkSame(duel, readFileSync(join(folder, 'out')));
    console.log(pairedLine(duel.what, duel.rival ?? 'scipy', result));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function runScipy(
  { inputs, output, setup = '', theirs }: Duel,
  folder: string,
): number | undefined {
  const reads = Object.entries(inputs).map(
    ([name, { dtype, shape }]) =>
      `${name} = np.fromfile('${join(folder, name)}', np.${dtype}).reshape([${shape.join(', ')}])`,
  );
  const program = `
import time, numpy as np
from scipy import ndimage
${reads.join('\n')}
${setup}
begin = time.perf_counter()
${theirs}
print((time.perf_counter() - begin) * 1000)
np.ascontiguousarray(out, np.${output.dtype}).tofile('${join(folder, 'out')}')`;
  const { status, stdout } = spawnSync('/usr/bin/python3', ['-c', program], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : undefined;
}

function checkSame({ what, output, tolerance }: Duel, bytes: Buffer): void {
  const read = (from: Uint8Array) =>
    DTYPES[output.dtype].array(
      from.buffer as ArrayBuffer,
      from.byteOffset,
      output.byteLength / DTYPES[output.dtype].bytes,
    );
  const [ours, theirs] = [read(output.bytes()), read(new Uint8Array(bytes))];
  for (let n = 0; n < theirs.length; n++) {
    const [a, b] = [Number(ours[n]), Number(theirs[n])];
    if (Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b))) continue;
    throw new Error(`${what}: element ${n} is ${a} here, ${b} by scipy`);
  }
}
