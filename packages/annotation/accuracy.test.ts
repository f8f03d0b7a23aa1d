import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Vec3 } from '#geometry';
import type { ModelPool } from '#models';
import { readFloat32Npy } from '../../native/cuda-kernels/test/read-npy.ts';
import { MRICRON, needs, SHARED } from '../../test/outside-data.ts';
import { maskOf } from './testing/annotate-structure.ts';
import { type LabelMap, readImage, readLabels } from './testing/images.ts';
import {
  anyDice,
  HIPPOCAMPUS,
  hippocampusDice,
  hippocampusImage,
  hippocampusLabels,
  hippocampusPoints,
} from './testing/measured.ts';
import { networkInputOf } from './testing/network-input.ts';
import { shippedModels } from './testing/shipped-models.ts';
import { dice, extremePointsOf, largestPart, structureOf } from './testing/structures.ts';

/** Every 18th of the 208, and the worst: the bench has them all. */
const SAMPLE_STEP = 18;
const WORST = 'hippocampus_330';

describe('masks beside those measured in PyTorch', () => {
  let pool: ModelPool;
  before(async function () {
    needs(this, HIPPOCAMPUS, 'the data of the specification');
    pool = await shippedModels();
  });
  after(() => pool?.dispose());

  it('agree within 0.003 on a dozen hippocampi', async () => {
    const expected = hippocampusDice();
    const all = [...hippocampusPoints()];
    const sample = all.filter(([name], at) => at % SAMPLE_STEP === 0 || name === WORST);
    assert.ok(sample.length >= 12);
    for (const [name, points] of sample) {
      using volume = disposable(await readImage(hippocampusImage(name)));
      const labels = await readLabels(hippocampusLabels(name));
      const mask = await maskOf(pool.get('annotation_hippocampus'), volume, points);
      assertDice(name, dice(mask, structureOf(labels, (label) => label > 0).inside), {
        expected: expected.get(name),
        within: 0.003,
      });
    }
  });

  it('agree within 0.01 on structures of a CT, with annotation_any', async () => {
    const expected = anyDice()['example_ct_sm / example_seg'] ?? {};
    using volume = disposable(await readImage(`${SHARED}data/totalseg/example_ct_sm.nii.gz`));
    const labels = await readLabels(`${SHARED}data/totalseg/example_seg.nii.gz`);
    for (const label of ['1', '3', '30', '63']) {
      const { points, inside } = largestOf(labels, Number(label));
      const mask = await maskOf(pool.get('annotation_any'), volume, points);
      const within = 0.01;
      assertDice(`label ${label}`, dice(mask, inside), { expected: expected[label], within });
    }
  });

  it('feed the network what it was trained with, within 1e-5', async () => {
    const name = 'hippocampus_003';
    const folder = `${SHARED}models/hippocampus-starter/`;
    const golden = readFloat32Npy(await readFile(`${folder}golden-input-${name}.npy`));
    const points = hippocampusPoints().get(name) ?? [];
    using volume = disposable(await readImage(hippocampusImage(name)));
    const found = await networkInputOf(pool.get('annotation_hippocampus'), volume, points);
    assert.equal(found.length, golden.values.length);
    let worst = 0;
    for (const [at, value] of golden.values.entries()) {
      const apart = Math.abs(value - (found[at] ?? Number.NaN));
      // Of values above 1 relative to them: the golden input was sampled at float32 positions, and
      // numpy in float64 is as far from it.
      worst = Math.max(worst, apart / Math.max(1, Math.abs(value)));
    }
    assert.ok(worst <= 1e-5, `the worst difference is ${worst}`);
  });

  it('find both hippocampi of Colin 27', async function () {
    needs(this, `${MRICRON}ch2.nii.gz`, 'apt-get install mricron-data');
    using volume = disposable(await readImage(`${MRICRON}ch2.nii.gz`));
    const labels = await readLabels(`${MRICRON}aal.nii.gz`);
    for (const label of [37, 38]) {
      const { points, inside } = largestOf(labels, label);
      const mask = await maskOf(pool.get('annotation_hippocampus'), volume, points);
      const found = dice(mask, inside);
      assert.ok(found >= 0.6, `AAL label ${label}: Dice ${found.toFixed(4)}`);
    }
  });
});

function largestOf(labels: LabelMap, label: number): { points: Vec3[]; inside: Uint8Array } {
  const part = largestPart(structureOf(labels, (value) => value === label));
  return { points: extremePointsOf(part), inside: part.inside };
}

function assertDice(
  name: string,
  found: number,
  { expected, within }: { expected: number | undefined; within: number },
): void {
  const wanted = expected ?? Number.NaN;
  const text = `${name}: Dice ${found.toFixed(5)}, measured ${wanted}`;
  assert.ok(Math.abs(found - wanted) <= within, text);
}

function disposable<T extends { dispose(): void }>(resource: T): T & Disposable {
  return { ...resource, [Symbol.dispose]: () => resource.dispose() };
}
