import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Grid, identityAffine } from '#geometry';
import { Tensor } from '#kernels';
import { readNifti } from './read.ts';
import { writeNifti } from './write.ts';

// Reading an image beside `gunzip` alone, which is the least that any reader must do:
//   npx tsx packages/volume/nifti/bench.ts [pairs]

const SHAPE = [512, 512, 300] as const;
const PAIRS = Number(process.argv[2] ?? 5);

const folder = await mkdtemp(join(tmpdir(), 'sextant-bench-'));
try {
  const path = join(folder, 'image.nii.gz');
  await writeImage(path);
  const plain = join(folder, 'image.nii');
  spawnSync('sh', ['-c', `gunzip -c ${path} > ${plain}`]);
  const megabytes = ((await stat(plain)).size / 1e6).toFixed(0);
  console.log(`${SHAPE.join(' x ')} int16, ${megabytes} MB, on ${cpus()[0]?.model}`);
  const rows = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const gunzip = await timed(async () => {
      spawnSync('sh', ['-c', `gunzip -c ${path} > /dev/null`]);
    });
    const read = await timed(async () => (await readNifti({ path })).dispose());
    const copy = await timed(async () => {
      spawnSync('sh', ['-c', `cat ${plain} > /dev/null`]);
    });
    const readPlain = await timed(async () => (await readNifti({ path: plain })).dispose());
    rows.push({ gunzip, read, ratio: read / gunzip, cat: copy, readPlain });
  }
  console.table(rows.map((row) => mapValues(row, (value) => Number(value.toFixed(2)))));
  const ratios = rows.map(({ ratio }) => ratio).sort((a, b) => a - b);
  console.log(`median ratio to gunzip: ${ratios[Math.floor(ratios.length / 2)]?.toFixed(2)}`);
} finally {
  await rm(folder, { recursive: true });
}

/** A body of smooth intensities with noise in air: compresses about as CT does. */
async function writeImage(path: string): Promise<void> {
  using voxels = Tensor.empty('int16', SHAPE, { order: 'F' });
  const bytes = voxels.bytes();
  const values = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  const [nx, ny] = SHAPE;
  let state = 1;
  for (let n = 0; n < values.length; n++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const x = (n % nx) - nx / 2;
    const y = (Math.floor(n / nx) % ny) - ny / 2;
    const inside = x * x + y * y < 40000;
    values[n] = inside ? 40 + (x >> 4) + (state >>> 27) : -1024;
  }
  const grid: Grid = { shape: SHAPE, affine: identityAffine };
  await writeFile(path, await writeNifti({ grid, dtype: 'int16', voxels }, { gzip: true }));
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function mapValues<K extends string>(
  row: Record<K, number>,
  change: (value: number) => number,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries<number>(row).map(([key, value]) => [key, change(value)]),
  );
}
