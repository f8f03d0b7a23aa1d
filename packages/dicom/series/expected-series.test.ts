import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DicomWorkers, openSeries, planSeries, readSeries, startDicomWorkers } from '#dicom';
import { closestRas } from '#geometry';
import { Tensor } from '#kernels';
import type { Volume } from '#volume';
import { needs, SHARED } from '../../../test/outside-data.ts';

const DATA = join(SHARED, 'data/dicom');
const INDEX = join(DATA, 'expected-series.json');

interface Output {
  readonly dims: readonly number[];
  readonly dtype: string;
  readonly affine: readonly (readonly number[])[];
  readonly slope: number | 'varies';
  readonly inter: number | 'varies';
  readonly md5Stored: string;
  readonly md5CanonicalScaledFloat32: string;
}

interface Expected {
  readonly folder: string;
  readonly fromDicom: { readonly outputs: readonly Output[] };
}

const EXPECTED: readonly Expected[] = existsSync(INDEX)
  ? JSON.parse(readFileSync(INDEX, 'utf8')).series
  : [];

/** The index has six digits behind the point. */
const AFFINE_MM = 1e-6;

describe('the series of the data folder', function () {
  this.timeout(60_000);
  let workers: DicomWorkers;

  before(function () {
    needs(this, INDEX, 'DICOM series with the volumes that they make');
    workers = startDicomWorkers();
  });

  after(() => workers?.close());

  for (const { folder, fromDicom } of EXPECTED) {
    it(folder.replace('series/', ''), async () => {
      const volumes = await volumesOf(join(DATA, folder), workers);
      try {
        for (const output of fromDicom.outputs) compare(volumes, output);
        // And nothing beside them.
        const wanted = fromDicom.outputs.reduce((sum, { dims }) => sum + (dims[3] ?? 1), 0);
        const made = volumes.reduce((sum, { frames }) => sum + frames, 0);
        assert.equal(made, wanted, 'volumes, those of a fourth dimension counted one by one');
      } finally {
        for (const volume of volumes) volume.dispose();
      }
    });
  }
});

async function volumesOf(folder: string, workers: DicomWorkers): Promise<Volume[]> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({ path: join(entry.parentPath ?? entry.path, entry.name), name: entry.name }));
  const plans = planSeries(await workers.scan(files));
  const volumes: Volume[] = [];
  for (const plan of plans) {
    volumes.push(await readSeries(openSeries(plan, { uneven: 'keep' }), { workers }));
  }
  return volumes;
}

/** One volume of ours, or two where the reference puts a magnitude and a field map into one. */
function compare(volumes: readonly Volume[], output: Output): void {
  const [nx, ny, nz, times = 1] = output.dims;
  const alike = volumes.filter(({ grid }) => String(grid.shape) === String([nx, ny, nz]));
  const near = alike.filter(({ grid }) => largestDifference(grid.affine, output.affine) < 1);
  const frames = near.reduce((sum, volume) => sum + volume.frames, 0);
  assert.equal(frames, times, `of ${volumes.map(({ grid, frames: n }) => [...grid.shape, n])}`);
  for (const { grid } of near) {
    assert.ok(
      largestDifference(grid.affine, output.affine) < AFFINE_MM,
      `${grid.affine} instead of ${output.affine}`,
    );
  }
  const parts = near.map(stored);
  const bytes = Buffer.concat(parts);
  if (output.slope !== 'varies') {
    assert.equal(near[0]?.dtype, output.dtype);
    assert.ok(Math.abs((near[0]?.scale.slope ?? 0) - output.slope) < 1e-9);
    assert.equal(near[0]?.scale.intercept, output.inter);
    assert.equal(md5(bytes), output.md5Stored);
    return;
  }
  // What has slopes of its own is compared by what it measures, to the last bit.
  const values = near.map((volume, n) =>
    canonical(volume, scaledValues(volume, parts[n] as Buffer)),
  );
  assert.equal(md5(Buffer.concat(values)), output.md5CanonicalScaledFloat32);
}

/** Values in the closest RAS orientation, first axis fastest, as nibabel.as_closest_canonical has them. */
function canonical({ grid, frames }: Volume, values: Float32Array): Uint8Array {
  const view = closestRas(grid);
  using tensor = Tensor.fromArray('float32', [...grid.shape, frames], values, { order: 'F' });
  using turned = tensor.permute([...view.order, 3]);
  using seen = turned.flip([0, 1, 2].filter((axis) => view.flip[axis]));
  using backwards = seen.permute([3, 2, 1, 0]);
  return new Uint8Array(backwards.toArray().buffer);
}

function largestDifference(
  affine: readonly number[],
  rows: readonly (readonly number[])[],
): number {
  return Math.max(...rows.flat().map((value, n) => Math.abs(value - (affine[n] ?? 0))));
}

function stored({ voxels }: Volume): Buffer {
  return Buffer.from(voxels.bytes());
}

function scaledValues({ dtype, scale }: Volume, bytes: Buffer): Float32Array {
  const { buffer, byteOffset, byteLength } = bytes;
  const raw =
    dtype === 'float32'
      ? new Float32Array(buffer, byteOffset, byteLength / 4)
      : new Uint16Array(buffer, byteOffset, byteLength / 2);
  return Float32Array.from(raw, (value) => value * scale.slope + scale.intercept);
}

function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}
