import assert from 'node:assert/strict';
import { scannedSeries } from '../testing/synthetic-series.ts';
import { startDicomWorkers } from '../workers/index.ts';
import { planSeries } from './plan-series.ts';
import { openSeries, readSeries } from './read-series.ts';

describe('samples that are no whole numbers', () => {
  for (const [tag, vr] of [
    ['7FE00008', 'OF'],
    ['7FE00009', 'OD'],
  ] as const) {
    it(`of ${tag} stay so where a format knows no rescale, whatever the slope and BitsStored`, async () => {
      const samples = Array.from({ length: 12 }, (_, n) => n + 0.25);
      const more = [
        ['00281053', 'DS', 2],
        ['00281052', 'DS', -1],
        ['00280101', 'US', 12],
        [tag, vr, samples],
      ] as const;
      const slices = [0, 1].map((n) => ({ position: [0, 0, n] as const, more }));
      const { scanned, remove } = scannedSeries(slices);
      const workers = startDicomWorkers({ count: 1 });
      try {
        const [plan] = planSeries(scanned);
        const opened = openSeries(plan ?? assert.fail(), { rescaled: true });
        using volume = await readSeries(opened, { workers });
        assert.equal(volume.dtype, 'float32');
        const values = [...(volume.voxels.toArray() as Float32Array)].sort((a, b) => a - b);
        const expected = samples.flatMap((value) => [2 * value - 1, 2 * value - 1]);
        assert.deepEqual(values, expected);
      } finally {
        await workers.close();
        remove();
      }
    });
  }
});
