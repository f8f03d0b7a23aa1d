import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import {
  type ConversionOptions,
  findVolumes,
  type InputFile,
  type OutputFormat,
  openVolume,
  outputFiles,
} from '#conversion';
import { type DicomWorkers, startDicomWorkers } from '#dicom';
import { AXES, type Axis, cross, perAxis, scaled, transformPoint, type Vec3 } from '#geometry';
import { readNrrd } from '#volume/nrrd';
import { writeVolume } from '../cli/dataconvert/write-volume.ts';
import { dataconvert } from '../cli/testing/dataconvert.ts';
import { dicomFile } from '../packages/dicom/testing/dicom-file.ts';

const [COLUMNS, ROWS, SLICES] = [6, 5, 7];
const WITHIN_MM = 1e-3;

/** Where slices lie, in LPS millimetres as DICOM has it. */
interface Geometry {
  readonly name: string;
  readonly alongRow: Vec3;
  readonly downColumn: Vec3;
  /** From one slice to the next. */
  readonly step: Vec3;
}

const CORNER: Vec3 = [-31.7, 12.25, -88.125];
const SPACING = [0.75, 1.25] as const;

/** Every pair of axes for row and column, both ways each, and slices that run either way along the normal. */
const STRAIGHT: readonly Geometry[] = AXES.flatMap((row) =>
  AXES.filter((column) => column !== row).flatMap((column) =>
    [0, 1, 2, 3, 4, 5, 6, 7].map((signs): Geometry => {
      const unit = (axis: Axis, bit: number): Vec3 =>
        perAxis((n) => (n === axis ? (signs & bit ? -1 : 1) : 0));
      const [alongRow, downColumn] = [unit(row, 1), unit(column, 2)];
      const step = scaled(cross(alongRow, downColumn), signs & 4 ? -2.5 : 2.5);
      return { name: `${row}${column}, signs ${signs}`, alongRow, downColumn, step };
    }),
  ),
);

/** A turn about all three axes, to 15 digits. */
const OBLIQUE_ROW: Vec3 = [0.8660254037844387, 0.4330127018922193, -0.25];
const OBLIQUE_COLUMN: Vec3 = [-0.4330127018922193, 0.8995190528383291, 0.0580127018922193];

const OTHERS: readonly Geometry[] = [
  {
    name: 'oblique',
    alongRow: OBLIQUE_ROW,
    downColumn: OBLIQUE_COLUMN,
    step: scaled(cross(OBLIQUE_ROW, OBLIQUE_COLUMN), 1.8),
  },
  ...[18, -18].map((degrees) => ({
    name: `tilted by ${degrees} degrees`,
    alongRow: [1, 0, 0] as const,
    downColumn: [0, 1, 0] as const,
    step: [0, 2 * Math.tan((degrees * Math.PI) / 180), 2] as const,
  })),
];

describe('points through DICOM, NIfTI, MetaImage and NRRD', function () {
  this.timeout(120_000);
  let folder: string;
  let workers: DicomWorkers;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-points-'));
    workers = startDicomWorkers({ count: 1 });
  });
  after(async () => {
    await workers.close();
    rmSync(folder, { recursive: true });
  });

  /** One step of the way: what `files` hold, as a file of another format. */
  async function converted(
    files: readonly InputFile[],
    format: OutputFormat,
  ): Promise<InputFile[]> {
    const found = await findVolumes(files, { workers });
    assert.equal(found.volumes.length, 1);
    const how: ConversionOptions = { format };
    const made = await openVolume(found.volumes[0] ?? assert.fail(), how, { workers });
    try {
      const into = mkdtempSync(join(folder, 'x-'));
      const paths = await writeVolume(
        join(into, 'image'),
        await outputFiles(made, 'image', { format }),
      );
      return paths.map((path) => ({ path, name: basename(path) }));
    } finally {
      made.dispose();
    }
  }

  async function byCommand(
    [file]: readonly InputFile[],
    format: OutputFormat,
  ): Promise<InputFile[]> {
    const into = join(mkdtempSync(join(folder, 'x-')), 'out');
    const { path = '' } = file ?? {};
    const ran = dataconvert('-d', path, '-o', into, '-e', format);
    assert.equal(ran.status, 0, ran.stdout + ran.stderr);
    const name = `image${format}`;
    return [{ path: join(into, name), name }];
  }

  for (const geometry of [...STRAIGHT, ...OTHERS]) {
    it(geometry.name, async () => {
      for (const axis of AXES) {
        // Every voxel holds where it lies along one axis of RAS: a ramp, which interpolation keeps.
        const series = writeSeries(join(folder, `${geometry.name} ${axis}`), geometry, axis);
        const nifti = await converted(series, '.nii');
        // What is resampled on the way is resampled by the built command.
        const next = geometry.name.startsWith('tilted') ? byCommand : converted;
        const [last] = await next(await next(nifti, '.mha'), '.nrrd');
        using volume = await readNrrd({ path: last?.path ?? '' });
        const checked = assertRamp(volume, geometry, axis);
        // Some voxels of a grid of right angles around tilted slices lie outside of them.
        assert.ok(checked >= 0.5 * COLUMNS * ROWS * SLICES, `${checked} voxels`);
      }
    });
  }
});

/** The RAS millimetres of a voxel of the series (PS3.3 C.7.6.2.1.1). */
function placeOf({ alongRow, downColumn, step }: Geometry, [i, j, k]: Vec3): Vec3 {
  const lps = perAxis(
    (n) => CORNER[n] + SPACING[0] * i * alongRow[n] + SPACING[1] * j * downColumn[n] + k * step[n],
  );
  return [-lps[0], -lps[1], lps[2]];
}

function writeSeries(folder: string, geometry: Geometry, axis: Axis): InputFile[] {
  mkdirSync(folder);
  return Array.from({ length: SLICES }, (_, k) => {
    const values = Float32Array.from({ length: ROWS * COLUMNS }, (__, n) => {
      const index: Vec3 = [n % COLUMNS, Math.floor(n / COLUMNS), k];
      return placeOf(geometry, index)[axis];
    });
    const [x, y, z] = placeOf(geometry, [0, 0, k]);
    const path = join(folder, `${k}.dcm`);
    const bytes = dicomFile([
      ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.30'],
      ['00080018', 'UI', `1.2.3.${k}`],
      ['00080060', 'CS', 'MR'],
      ['0020000D', 'UI', '1.2'],
      ['0020000E', 'UI', '1.2.3'],
      ['00200013', 'IS', k + 1],
      ['00200032', 'DS', [-x, -y, z].map((mm) => Number(mm.toFixed(9)))],
      ['00200037', 'DS', [...geometry.alongRow, ...geometry.downColumn]],
      ['00280002', 'US', 1],
      ['00280004', 'CS', 'MONOCHROME2'],
      ['00280010', 'US', ROWS],
      ['00280011', 'US', COLUMNS],
      ['00280030', 'DS', [SPACING[1], SPACING[0]]],
      ['00280100', 'US', 32],
      ['7FE00008', 'OF', new Uint8Array(values.buffer)],
    ]);
    writeFileSync(path, bytes);
    return { path, name: `${k}.dcm` };
  });
}

/** Holds every voxel that lies within the series against its place; gives how many those are. */
function assertRamp(
  { grid, voxels }: Awaited<ReturnType<typeof readNrrd>>,
  geometry: Geometry,
  axis: Axis,
): number {
  const toIndex = indexOf(geometry);
  const values = voxels.toArray();
  const [nx, ny, nz] = grid.shape;
  let checked = 0;
  for (let n = 0; n < values.length; n++) {
    const index: Vec3 = [Math.floor(n / (ny * nz)), Math.floor(n / nz) % ny, n % nz];
    const place = transformPoint(grid.affine, index);
    const from = toIndex(place);
    const last = [COLUMNS - 1, ROWS - 1, SLICES - 1];
    if (from.some((at, side) => at < -1e-3 || at > (last[side] ?? 0) + 1e-3)) continue;
    checked++;
    const apart = Math.abs(Number(values[n]) - place[axis]);
    assert.ok(apart < WITHIN_MM, `[${index}] holds ${values[n]} and lies at ${place[axis]}`);
  }
  assert.equal(values.length, nx * ny * nz);
  return checked;
}

/** RAS millimetres -> index in the series, by Cramer's rule: nothing of the project's own geometry. */
function indexOf(geometry: Geometry): (place: Vec3) => Vec3 {
  const origin = placeOf(geometry, [0, 0, 0]);
  const steps = perAxis((side) => {
    const one = placeOf(
      geometry,
      perAxis((n) => (n === side ? 1 : 0)),
    );
    return perAxis((n) => one[n] - origin[n]);
  });
  const determinant = (a: Vec3, b: Vec3, c: Vec3) =>
    a[0] * (b[1] * c[2] - b[2] * c[1]) -
    b[0] * (a[1] * c[2] - a[2] * c[1]) +
    c[0] * (a[1] * b[2] - a[2] * b[1]);
  const whole = determinant(...steps);
  return (place) => {
    const rest = perAxis((n) => place[n] - origin[n]);
    return perAxis((side) => {
      const columns = steps.map((step, n) => (n === side ? rest : step)) as [Vec3, Vec3, Vec3];
      return determinant(...columns) / whole;
    });
  };
}
