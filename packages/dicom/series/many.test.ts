import assert from 'node:assert/strict';
import { planSeries } from '#dicom';
import type { Vec3 } from '#geometry';
import type { Instance, Scanned } from '../instance.ts';
import { MOST_FRAMES } from '../limits.ts';
import { scannedSeries } from '../testing/synthetic-series.ts';

const MANY = 20_000;

/** Far above what a machine that is busy takes, far below what a square of the count would. */
const MOST_MS = 6_000;

function oneInstance(): Instance {
  const { scanned, remove } = scannedSeries([{ position: [0, 0, 0] }]);
  remove();
  const [one] = scanned;
  return one?.what === 'instance' ? one.instance : assert.fail();
}

function planned(instances: readonly Instance[]) {
  const begin = performance.now();
  const plans = planSeries(instances.map((instance): Scanned => ({ what: 'instance', instance })));
  const tookMs = performance.now() - begin;
  assert.ok(tookMs < MOST_MS, `${tookMs.toFixed()} ms`);
  return plans;
}

describe('planning very many images', () => {
  const instance = oneInstance();
  const [frame] = instance.frames;
  assert.ok(frame !== undefined);
  const numbered = (n: number, change: Partial<typeof frame>): Instance => ({
    ...instance,
    path: String(n),
    name: String(n),
    sopInstanceUid: `1.${n}`,
    frames: [{ ...frame, ...change }],
  });
  const all = Array.from({ length: MANY }, (_, n) => n);

  it('of one name, that nothing places, takes a moment', () => {
    const plans = planned(
      all.map((n) => numbered(n, { positionLpsMm: undefined, orientation: undefined })),
    );
    assert.equal(new Set(plans.map(({ name }) => name)).size, MANY);
  });

  it('each with an orientation of its own, takes a moment', () => {
    const turned = (n: number): readonly [Vec3, Vec3] => {
      const [angle, lean] = [n / 100, n / 777];
      const row: Vec3 = [Math.cos(angle), Math.sin(angle), 0];
      const across: Vec3 = [-row[1] * Math.cos(lean), row[0] * Math.cos(lean), Math.sin(lean)];
      return [row, across];
    };
    const plans = planned(all.map((n) => numbered(n, { orientation: turned(n) })));
    assert.ok(plans.length > MANY / 2, `${plans.length} volumes`);
  });

  it('each in a folder of its own, takes a moment', () => {
    const [plan, ...others] = planned(
      all.map((n) => ({ ...numbered(n, { positionLpsMm: [0, 0, n] }), name: `${n}/image` })),
    );
    assert.deepEqual(others, []);
    assert.deepEqual(plan?.volume?.shape, [4, 3, MANY]);
  });

  it('takes as many frames as an object may have', () => {
    const frames = Array.from({ length: MOST_FRAMES }, (_, n) => ({
      ...frame,
      positionLpsMm: [0, 0, n] as const,
    }));
    const [plan] = planSeries([{ what: 'instance', instance: { ...instance, frames } }]);
    assert.deepEqual(plan?.volume?.shape, [4, 3, MOST_FRAMES]);
  });
});
