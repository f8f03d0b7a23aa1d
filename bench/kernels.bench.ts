// Operations of the addon beside ITK (two threads each), outputs checked. PyTorch stands beside them in
// torch.bench.ts, scipy in each operation's own bench.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { distanceTransform, labelComponents, Tensor, warp } from '#kernels';
import { comparePairs, pairedLine } from '../native/cuda-kernels/test/pairs.ts';
import { buildItkFilters, itkFilter } from './itk/itk-filters.ts';

type Shape = readonly [number, number, number];

const SHAPES: readonly Shape[] = [
  [128, 128, 128],
  [512, 512, 150],
];
const SPACING = [0.8, 0.8, 2];
const folder = mkdtempSync(join(tmpdir(), 'sextant-bench-'));
const file = (name: string) => join(folder, name);

interface ItkRow {
  readonly what: string;
  readonly output: Tensor;
  readonly tolerance: number;
  readonly ours: () => Promise<unknown>;
  /** Writes what it makes to file('out'). */
  readonly itk: () => number;
}

async function againstItk({ what, output, tolerance, ours, itk }: ItkRow): Promise<void> {
  const run = async () => {
    const begin = performance.now();
    await ours();
    return performance.now() - begin;
  };
  const contestants = [
    { name: 'ours', run },
    { name: 'itk', run: itk },
  ] as const;
  const result = await comparePairs(...contestants, { pairs: 5 });
  const bytes = new Uint8Array(readFileSync(file('out')));
  const theirs =
    output.dtype === 'int32' ? new Int32Array(bytes.buffer) : new Float32Array(bytes.buffer);
  const mine = output.toArray();
  const far = theirs.findIndex((value, n) => !(Math.abs(Number(mine[n]) - value) <= tolerance));
  if (far >= 0) throw new Error(`${what}: element ${far} is ${mine[far]}, by ITK ${theirs[far]}`);
  console.log(pairedLine(what, 'itk', result));
}

/** A ball; with specks of both kinds where asked, as a threshold leaves it. */
function ball([nx, ny, nz]: Shape, specks: boolean): Uint8Array {
  const voxels = new Uint8Array(nx * ny * nz);
  for (let n = 0; n < voxels.length; n++) {
    const [i, j, k] = [Math.floor(n / nz / ny) / nx, (Math.floor(n / nz) % ny) / ny, (n % nz) / nz];
    const isSpeck = specks && Math.imul(n, 0x9e3779b1) >>> 0 < 2 ** 32 / 40;
    voxels[n] = isSpeck !== Math.hypot(i - 0.5, j - 0.5, k - 0.5) < 0.4 ? 1 : 0;
  }
  return voxels;
}

/** ITK's extents and spacings, the fastest axis first. */
const reversed = (numbers: readonly number[]) => [...numbers].reverse();

async function distances(shape: Shape): Promise<void> {
  const voxels = ball(shape, false);
  writeFileSync(file('mask'), voxels);
  using mask = Tensor.fromArray('uint8', shape, voxels);
  using output = Tensor.empty('float32', shape);
  await againstItk({
    what: `distances in a ball of [${shape.join(', ')}]`,
    output,
    tolerance: 1e-3,
    ours: () => distanceTransform({ mask, output, spacing: SPACING }),
    itk: () =>
      itkFilter('distances', file('mask'), file('out'), ...reversed(shape), ...reversed(SPACING)),
  });
}

async function components(shape: Shape): Promise<void> {
  const voxels = ball(shape, true);
  writeFileSync(file('mask'), voxels);
  using mask = Tensor.fromArray('uint8', shape, voxels);
  using output = Tensor.empty('int32', shape);
  await againstItk({
    what: `components of [${shape.join(', ')}], by size`,
    output,
    tolerance: 0,
    ours: () => labelComponents({ mask, labels: output, connectivity: 6 }),
    itk: () => itkFilter('components', file('mask'), file('out'), ...reversed(shape)),
  });
}

/** A displacement that dies away at the faces, so that what lies beyond does not matter. */
function displacements([nx, ny, nz]: Shape): Float32Array {
  const count = nx * ny * nz;
  const field = new Float32Array(3 * count);
  for (let n = 0; n < count; n++) {
    const [i, j, k] = [Math.floor(n / nz / ny), Math.floor(n / nz) % ny, n % nz];
    const depth = Math.min(i, j, k, nx - 1 - i, ny - 1 - j, nz - 1 - k);
    for (let c = 0; c < 3; c++) {
      field[c * count + n] = Math.min(depth, 5) * 0.9 * Math.sin((i + 2 * j + 3 * k) / 20 + c);
    }
  }
  return field;
}

async function field(shape: Shape): Promise<void> {
  const count = shape[0] * shape[1] * shape[2];
  const values = new Float32Array(count);
  for (let n = 0; n < count; n++) values[n] = ((n * 7919) % 2003) / 100;
  const moves = displacements(shape);
  // ITK's components lie side by side, x (our axis 2) first.
  const interleaved = new Float32Array(3 * count);
  for (let n = 0; n < 3 * count; n++) {
    interleaved[n] = moves[(2 - (n % 3)) * count + Math.floor(n / 3)] ?? 0;
  }
  writeFileSync(file('image'), values);
  writeFileSync(file('field'), interleaved);
  using input = Tensor.fromArray('float32', shape, values);
  using displacement = Tensor.fromArray('float32', [3, ...shape], moves);
  using output = Tensor.empty('float32', shape);
  await againstItk({
    what: `dense displacements of [${shape.join(', ')}]`,
    output,
    tolerance: 1e-2,
    ours: () => warp({ input, output, displacement }),
    itk: () => itkFilter('warp', file('image'), file('field'), file('out'), ...reversed(shape)),
  });
}

try {
  const missing = buildItkFilters();
  if (missing !== undefined) console.log(`skipped: ${missing}`);
  for (const shape of missing === undefined ? SHAPES : []) {
    await distances(shape);
    await components(shape);
    await field(shape);
  }
} finally {
  rmSync(folder, { recursive: true });
}
