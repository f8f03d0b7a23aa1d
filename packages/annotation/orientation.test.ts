import assert from 'node:assert/strict';
import type { ModelPool } from '#models';
import { needs } from '../../test/outside-data.ts';
import type { PreparedVolume } from './prepare-volume.ts';
import { readImage } from './testing/images.ts';
import { HIPPOCAMPUS, hippocampusImage, hippocampusPoints } from './testing/measured.ts';
import { clickOrientations, turnedAtRandom } from './testing/orientations.ts';
import { shippedModels } from './testing/shipped-models.ts';

const IMAGES = ['hippocampus_003', 'hippocampus_026', 'hippocampus_087', 'hippocampus_330'];
const SEED = 20;

describe('a mask is of the anatomy, not of the file', () => {
  let pool: ModelPool;
  before(async function () {
    needs(this, HIPPOCAMPUS, 'the data of the specification');
    pool = await shippedModels();
  });
  after(() => pool?.dispose());

  for (const name of IMAGES) {
    it(`${name} in 48 orientations, points in RAS`, async () => {
      const original = await readImage(hippocampusImage(name));
      await assertSameMasks(name, original, 'annotation_any');
      original.dispose();
    });
  }

  for (const [number, name] of IMAGES.slice(0, 2).entries()) {
    const seed = SEED + number;
    it(`${name} turned anyhow (seed ${seed}), as float32 in 48 orientations, points as text`, async () => {
      const straight = await readImage(hippocampusImage(name));
      const turned = turnedAtRandom(straight, seed, number === 0 ? [1, 1, 1] : undefined);
      // Its margin is in millimetres, and a turned 1 mm affine has a spacing of 0.99999994.
      await assertSameMasks(name, turned, 'annotation_hippocampus');
      straight.dispose();
    });
  }

  async function assertSameMasks(
    name: string,
    original: PreparedVolume,
    model: string,
  ): Promise<void> {
    const points = hippocampusPoints().get(name) ?? [];
    const found = await clickOrientations({ model: pool.get(model), original, points });
    assert.ok(found.voxels > 0, 'an empty mask would show nothing');
    assert.equal(found.copies, 48);
    assert.deepEqual(found.different, [], 'orientations with another mask');
  }
}).timeout(300_000);
