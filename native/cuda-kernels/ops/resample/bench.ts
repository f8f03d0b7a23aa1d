// Three of a click's resamplings against plain TypeScript and scipy.ndimage (one thread, float32), and the
// bytes read and written a second against those of a copy.
// npx tsx native/cuda-kernels/ops/resample/bench.ts
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Order } from '../../lib/strides.ts';
import { Tensor } from '../../lib/tensor.ts';
import { comparePairs, pairedLine } from '../../test/pairs.ts';
import { resample } from './index.ts';

type Shape = readonly [number, number, number];

const PYTHON = '/usr/bin/python3';
const ZOOMS: readonly { from: Shape; to: Shape; input: Order; output: Order }[] = [
  { from: [240, 240, 155], to: [96, 96, 96], input: 'F', output: 'C' },
  { from: [96, 96, 96], to: [200, 180, 120], input: 'C', output: 'F' },
  { from: [96, 96, 96], to: [200, 180, 120], input: 'C', output: 'C' },
];

const count = (shape: Shape) => shape[0] * shape[1] * shape[2];
const zoomMap = (from: Shape, to: Shape) =>
  from.flatMap((extent, axis) => {
    const ratio = extent / (to[axis] ?? 1);
    return [0, 1, 2].map((column) => (column === axis ? ratio : 0)).concat(0.5 * ratio - 0.5);
  });

/** What one would write first: tables per axis, eight reads, C order. */
function plainZoom(input: Float32Array, from: Shape, output: Float32Array, to: Shape): void {
  const [x, y, z] = from.map((extent, axis) => {
    const n = to[axis] ?? 1;
    return Array.from({ length: n }, (_, o) => {
      const at = Math.min(Math.max(((o + 0.5) * extent) / n - 0.5, 0), extent - 1);
      const low = Math.floor(at);
      return { low, high: Math.min(low + 1, extent - 1), weight: at - low };
    });
  });
  const value = (i: number, j: number, k: number) => input[(i * from[1] + j) * from[2] + k] ?? 0;
  const mix = (a: number, b: number, w: number) => a + (b - a) * w;
  let n = 0;
  for (const a of x ?? []) {
    for (const b of y ?? []) {
      for (const c of z ?? []) {
        const line = (i: number, j: number) =>
          mix(value(i, j, c.low), value(i, j, c.high), c.weight);
        const plane = (i: number) => mix(line(i, b.low), line(i, b.high), b.weight);
        output[n++] = mix(plane(a.low), plane(a.high), a.weight);
      }
    }
  }
}

const folder = mkdtempSync(join(tmpdir(), 'sextant-bench-'));
const [inputFile, outputFile] = [join(folder, 'input'), join(folder, 'output')];

function scipy(from: Shape, to: Shape): number | undefined {
  const map = zoomMap(from, to);
  const program = `
import time, numpy as np
from scipy import ndimage
source = np.fromfile('${inputFile}', np.float32).reshape(${from.join(',')})
target = np.empty((${to.join(',')}), np.float32)
begin = time.perf_counter()
ndimage.affine_transform(source, np.array([${[map[0], map[5], map[10]]}]),
    [${[map[3], map[7], map[11]]}], output=target, order=1, mode='nearest')
print((time.perf_counter() - begin) * 1000)
target.tofile('${outputFile}')`;
  const { status, stdout } = spawnSync(PYTHON, ['-c', program], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : undefined;
}

function assertSame(ours: Tensor, theirs: Float32Array, who: string): void {
  const values = ours.toArray() as Float32Array;
  const worst = values.reduce((most, value, n) => {
    return Math.max(most, Math.abs(value - (theirs[n] ?? Number.NaN)));
  }, 0);
  if (!(worst < 1e-3)) throw new Error(`${who} differs by ${worst}`);
}

try {
  for (const { from, to, input: inputOrder, output: outputOrder } of ZOOMS) {
    const values = Float32Array.from({ length: count(from) }, (_, n) => (n * 7919) % 1009);
    using input = Tensor.fromArray('float32', from, values, { order: inputOrder });
    using output = Tensor.empty('float32', to, { order: outputOrder });
    const name = `[${from}] ${inputOrder} -> [${to}] ${outputOrder}`;
    const ours = {
      name: 'ours',
      run: async () => {
        await resample({ input, output, outputToInput: zoomMap(from, to) });
        return undefined;
      },
    };
    const dense = input.toArray() as Float32Array;
    const plain = new Float32Array(count(to));
    const typescript = () => {
      plainZoom(dense, from, plain, to);
      return undefined;
    };
    const pairs = { pairs: 5 };
    const one = await comparePairs(ours, { name: 'typescript', run: typescript }, pairs);
    assertSame(output, plain, 'plain TypeScript');
    console.log(pairedLine(name, 'typescript', one));

    writeFileSync(inputFile, dense);
    if (scipy(from, to) === undefined) {
      console.log('skipped: python3-scipy is not installed');
    } else {
      const two = await comparePairs(ours, { name: 'scipy', run: () => scipy(from, to) }, pairs);
      assertSame(output, new Float32Array(readFileSync(outputFile).buffer), 'scipy');
      console.log(pairedLine(name, 'scipy', two));
    }

    const source = new Uint8Array((4 * (count(from) + count(to))) / 2).fill(1);
    const target = new Uint8Array(source.length);
    const copy = () => {
      target.set(source);
      return undefined;
    };
    const three = await comparePairs(ours, { name: 'copy', run: copy }, pairs);
    console.log(pairedLine(`${name}, the same bytes`, 'copy', three));
  }
} finally {
  rmSync(folder, { recursive: true });
}
