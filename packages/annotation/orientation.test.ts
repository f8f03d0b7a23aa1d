import assert from 'node:assert/strict';
import type { Vec3 } from '#geometry';
import type { ModelPool } from '#models';
import { needs } from '../../test/outside-data.ts';
import { randomGrid, seeded, storedOrientations } from '../geometry/testing/random-grid.ts';
import type { PreparedVolume } from './prepare-volume.ts';
import { maskOf } from './testing/annotate-structure.ts';
import { readImage } from './testing/images.ts';
import { HIPPOCAMPUS, hippocampusImage, hippocampusPoints } from './testing/measured.ts';
import { shippedModels } from './testing/shipped-models.ts';
import { originalOrder, rasText, storedAs } from './testing/stored-copies.ts';

const IMAGES = ['hippocampus_003', 'hippocampus_026', 'hippocampus_087', 'hippocampus_330'];
const SEED = 20;

interface Case {
  readonly original: PreparedVolume;
  /** Voxel indices. */
  readonly points: readonly Vec3[];
  readonly model: string;
  readonly what: string;
}

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
      const points = hippocampusPoints().get(name) ?? [];
      await assertSameMasks({ original, points, model: 'annotation_any', what: name });
      original.dispose();
    });
  }

  for (const [number, name] of IMAGES.slice(0, 2).entries()) {
    it(`${name} turned anyhow, stored as float32 in 48 orientations, points as text`, async () => {
      const straight = await readImage(hippocampusImage(name));
      const random = seeded(SEED + number);
      // Anatomy needs no meaning here: the voxels are laid on a grid that is turned at random.
      const { affine } = randomGrid(random, number === 0 ? [1, 1, 1] : undefined);
      const grid = { shape: straight.grid.shape, affine };
      const turned: PreparedVolume = { ...straight, grid, dispose: () => straight.dispose() };
      const points = hippocampusPoints().get(name) ?? [];
      const what = `seed ${SEED + number}`;
      // Its margin is in millimetres, and a turned 1 mm affine has a spacing of 0.99999994.
      await assertSameMasks({ original: turned, points, model: 'annotation_hippocampus', what });
      straight.dispose();
    });
  }

  async function assertSameMasks({ original, points, what, ...named }: Case): Promise<void> {
    const { shape, affine } = original.grid;
    const model = pool.get(named.model);
    const texts = points.map((point) => rasText(point, affine));
    const expected = await maskOf(model, original, points);
    assert.ok(expected.includes(1), `${what}: an empty mask would show nothing`);
    for (const [number, copy] of storedOrientations(original.grid).entries()) {
      const volume = await storedAs(original, copy);
      const mask = await maskOf(model, volume, texts, 'ras');
      volume.dispose();
      const differs = Buffer.compare(expected, originalOrder(mask, shape, copy)) !== 0;
      assert.ok(!differs, `${what}: another mask in orientation ${number}`);
    }
  }
}).timeout(300_000);
