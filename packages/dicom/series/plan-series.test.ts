import assert from 'node:assert/strict';
import { type DicomWorkers, openSeries, planSeries, readSeries, startDicomWorkers } from '#dicom';
import { SextantError } from '#errors';
import { cross, scaled, transformPoint, type Vec3 } from '#geometry';
import { type SliceFields, scannedSeries } from '../testing/synthetic-series.ts';
import { sum } from './slice.ts';

const AXIAL = [1, 0, 0, 0, 1, 0];

/** Slices along a step, from a corner. */
function stack(
  count: number,
  { step = [0, 0, 2] as Vec3, corner = [-10, -20, 30] as Vec3, orientation = AXIAL } = {},
): SliceFields[] {
  return Array.from({ length: count }, (_, n) => ({
    position: sum(corner, scaled(step, n)),
    orientation,
    value: n,
  }));
}

function plansOf(slices: readonly SliceFields[]) {
  const { scanned, remove } = scannedSeries(slices);
  remove();
  return planSeries(scanned);
}

/** PS3.3 C.7.6.2.1.1, equation C.7.6.2.1-1: where a voxel lies, in LPS, then RAS. */
function byPlaneEquation(slice: SliceFields, column: number, row: number): Vec3 {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = slice.orientation ?? AXIAL;
  const [x, y, z] = sum(
    slice.position,
    scaled([a, b, c], 0.75 * column),
    scaled([d, e, f], 0.5 * row),
  );
  return [-x, -y, z];
}

function assertPlaced(slices: readonly SliceFields[], affine: readonly number[]): void {
  slices.forEach((slice, k) => {
    for (const [i, j] of [
      [0, 0],
      [3, 0],
      [0, 2],
      [3, 2],
    ] as const) {
      const [ours, theirs] = [transformPoint(affine, [i, j, k]), byPlaneEquation(slice, i, j)];
      const distance = Math.hypot(...ours.map((value, n) => value - (theirs[n] ?? 0)));
      assert.ok(distance < 1e-4, `voxel ${[i, j, k]}: ${ours} instead of ${theirs}`);
    }
  });
}

describe('planning a series', () => {
  it('sorts by position along the normal, whatever order and numbers the files have', () => {
    const slices = stack(6);
    const numbers = [4, 1, 6, 2, 5, 3];
    const shuffled = [3, 0, 5, 1, 4, 2].map((n, at) => ({
      ...(slices[n] as SliceFields),
      instanceNumber: numbers[at] ?? 0,
    }));
    const [plan, ...more] = plansOf(shuffled);
    assert.deepEqual(more, []);
    assertPlaced(slices, plan?.volume?.affine ?? []);
  });

  for (const [name, step] of [
    ['feet to head', [0, 0, 2]],
    ['head to feet', [0, 0, -2]],
  ] as const) {
    it(`keeps up and down of slices that run ${name} under shuffled numbers`, () => {
      const slices = stack(5, { step }).map((slice, n) => ({
        ...slice,
        instanceNumber: [3, 5, 1, 4, 2][n] ?? 0,
      }));
      const [plan] = plansOf(slices);
      const rising = [...slices].sort((a, b) => a.position[2] - b.position[2]);
      assertPlaced(rising, plan?.volume?.affine ?? []);
      assert.ok((plan?.volume?.affine[10] ?? 0) > 0, 'the third axis grows to the head');
    });
  }

  it('places every corner as the plane equations do: oblique, flipped, 48 orientations', () => {
    const axes: Vec3[] = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
    for (let first = 0; first < 3; first++) {
      for (let second = 0; second < 3; second++) {
        if (first === second) continue;
        for (let signs = 0; signs < 8; signs++) {
          const row = scaled(axes[first] as Vec3, signs & 1 ? -1 : 1);
          const column = scaled(axes[second] as Vec3, signs & 2 ? -1 : 1);
          const normal = cross(row, column);
          const step = scaled(normal, signs & 4 ? -2.5 : 2.5);
          const slices = stack(3, { step, orientation: [...row, ...column] });
          const [plan] = plansOf(slices);
          const rising = signs & 4 ? [...slices].reverse() : slices;
          assertPlaced(rising, plan?.volume?.affine ?? []);
        }
      }
    }
  });

  for (const degrees of [18, -18]) {
    it(`keeps a tilt of ${degrees} degrees as an exact shear`, () => {
      const lean = Math.tan((degrees * Math.PI) / 180) * 2;
      const slices = stack(7, { step: [0, lean, 2] });
      const [plan] = plansOf(slices);
      assertPlaced(slices, plan?.volume?.affine ?? []);
      assert.ok(Math.abs((plan?.volume?.tiltDegrees ?? 0) - degrees) < 1e-6);
    });
  }

  it('does not take rounded positions for a tilt or uneven slices', () => {
    const slices = stack(40, { step: [0.00003, 0, 1.2501] }).map((slice) => ({
      ...slice,
      position: slice.position.map((mm) => Number(mm.toFixed(2))) as unknown as Vec3,
    }));
    const [plan] = plansOf(slices);
    assert.equal(plan?.volume?.tiltDegrees, undefined);
    assert.equal(plan?.volume?.uneven, undefined);
  });

  it('finds missing slices, and says where', () => {
    const slices = stack(10).filter((_, n) => n !== 4 && n !== 5);
    const [plan] = plansOf(slices);
    assert.throws(
      () => openSeries(plan ?? assert.fail()),
      (error) => {
        assert.ok(error instanceof SextantError);
        assert.equal(error.reason, 'SERIES_UNEVEN');
        assert.match(error.message, /6 mm instead of 2 mm between 36 mm and 42 mm \(2 missing\)/);
        assert.match(error.message, /--uneven/);
        return true;
      },
    );
    const kept = openSeries(plan ?? assert.fail(), { uneven: 'keep' });
    assert.deepEqual(
      kept.warnings.map(({ reason }) => reason),
      ['UNEVEN_KEPT'],
    );
    const resampled = openSeries(plan ?? assert.fail(), { uneven: 'resample' });
    assert.deepEqual(resampled.slicePositionsMm, [0, 2, 4, 6, 12, 14, 16, 18]);
  });

  it('finds double slices, and names their files', () => {
    const slices = [...stack(4), { position: [-10, -20, 32] as const, value: 9 }];
    const [plan] = plansOf(slices);
    assert.throws(() => openSeries(plan ?? assert.fail()), /2 slices at 32 mm: slice 1, slice 4/);
  });

  it('leaves out the copy of an object', () => {
    const slices = [
      ...stack(4),
      {
        ...(stack(4)[1] as SliceFields),
        instanceNumber: 2,
        more: [['00080018', 'UI', '1.2.3.4.1']] as const,
      },
    ];
    const [plan] = plansOf(slices);
    assert.equal(plan?.volume?.uneven, undefined);
    assert.deepEqual(plan?.volume?.shape, [4, 3, 4]);
    assert.deepEqual(
      plan?.changes.map(({ reason }) => reason),
      ['DUPLICATES_DROPPED'],
    );
  });

  it('makes a fourth axis of what is at every place several times', () => {
    const once = stack(3);
    const slices = [0, 1].flatMap((time) =>
      once.map((slice, n) => ({ ...slice, instanceNumber: time * 3 + n + 1 })),
    );
    const [plan] = plansOf(slices);
    assert.deepEqual([plan?.volume?.shape, plan?.volume?.times], [[4, 3, 3], 2]);
    assert.deepEqual(
      plan?.volume?.slices.map(({ instance }) => instance.instanceNumber),
      [1, 2, 3, 4, 5, 6],
    );
  });

  it('refuses volumes in time of which a part is missing', () => {
    const once = stack(4);
    const slices = [0, 1, 2].flatMap((time) =>
      once.map((slice, n) => ({ ...slice, instanceNumber: time * 4 + n + 1 })),
    );
    const [plan] = plansOf(slices.slice(0, -1));
    assert.equal(plan?.failure?.reason, 'SERIES_INCOMPLETE');
    assert.match(plan?.failure?.message ?? '', /2 at 36 mm/);
  });

  it('parts echoes, orientations and sizes', () => {
    const echo = (ms: number) => [['00180081', 'DS', ms]] as const;
    const slices = [
      ...stack(3).map((slice) => ({ ...slice, more: echo(5) })),
      ...stack(3).map((slice) => ({ ...slice, more: echo(10) })),
      ...stack(3, { orientation: [0, 1, 0, 0, 0, -1], step: [2, 0, 0] }),
    ];
    const plans = plansOf(slices);
    assert.deepEqual(
      plans.map(({ volume }) => volume?.shape),
      [
        [4, 3, 3],
        [4, 3, 3],
        [4, 3, 3],
      ],
    );
    assert.equal(new Set(plans.map(({ name }) => name)).size, 3);
  });

  it('is not parted by frames of reference that differ from slice to slice', () => {
    const slices = stack(4).map((slice, n) => ({
      ...slice,
      more: [['00200052', 'UI', `1.2.${n}`]] as const,
    }));
    assert.equal(plansOf(slices).length, 1);
  });

  it('takes the thickness of a lone slice, with a warning', () => {
    const [plan] = plansOf([{ ...(stack(1)[0] as SliceFields), more: [['00180050', 'DS', 4]] }]);
    assert.equal(plan?.volume?.affine[10], 4);
    assert.deepEqual(
      plan?.warnings.map(({ reason }) => reason),
      ['THICKNESS_AS_SPACING'],
    );
  });

  it('fails a series of which a file is broken, with the name of the file', () => {
    const { scanned, remove } = scannedSeries(stack(3));
    remove();
    const broken = {
      path: 'x',
      name: 'the bad one',
      seriesUid: '1.2.3.4',
      reason: 'VOLUME_TRUNCATED',
      message: 'cut',
    };
    const [plan, ...more] = planSeries([...scanned, { what: 'broken', broken }]);
    assert.deepEqual(more, []);
    assert.equal(plan?.failure?.reason, 'SERIES_INCOMPLETE');
    assert.match(plan?.failure?.message ?? '', /the bad one/);
  });
});

describe('reading a series', () => {
  let workers: DicomWorkers;

  before(() => {
    workers = startDicomWorkers({ count: 1 });
  });

  after(() => workers.close());

  it('scales each slice by its own slope into float32', async () => {
    const slices = stack(3).map((slice, n) => ({
      ...slice,
      value: 10,
      more: [
        ['00281053', 'DS', n + 1],
        ['00281052', 'DS', -5],
      ] as const,
    }));
    const { scanned, remove } = scannedSeries(slices);
    try {
      const [plan] = planSeries(scanned);
      using volume = await readSeries(openSeries(plan ?? assert.fail()), { workers });
      assert.equal(volume.dtype, 'float32');
      const values = new Set(volume.voxels.toArray() as Float32Array);
      assert.deepEqual([...values], [5, 15, 25]);
    } finally {
      remove();
    }
  });

  it('gives measured values where a format knows no rescale', async () => {
    const rescale = [
      ['00281053', 'DS', 1],
      ['00281052', 'DS', -1024],
      ['00280101', 'US', 12],
      ['00280102', 'US', 11],
      ['00280103', 'US', 0],
    ] as const;
    const slices = stack(2).map((slice) => ({ ...slice, value: 1000, more: rescale }));
    const { scanned, remove } = scannedSeries(slices);
    try {
      const [plan] = planSeries(scanned);
      const opened = openSeries(plan ?? assert.fail(), { rescaled: true });
      using volume = await readSeries(opened, { workers });
      assert.equal(volume.dtype, 'int16');
      assert.deepEqual(volume.scale, { slope: 1, intercept: 0 });
      assert.deepEqual([...new Set(volume.voxels.toArray() as Int16Array)], [-24]);
    } finally {
      remove();
    }
  });

  it('names the file whose samples cannot be read', async () => {
    const { scanned, remove } = scannedSeries(stack(3));
    remove();
    const [plan] = planSeries(scanned);
    await assert.rejects(readSeries(openSeries(plan ?? assert.fail()), { workers }), (error) => {
      assert.ok(error instanceof SextantError);
      assert.equal(error.reason, 'FILE_UNREADABLE');
      assert.match(error.message, /slice 0/);
      return true;
    });
  });
});
