// One anatomy, stored in all 48 orientations: how many masks are identical, voxel for voxel.
import { existsSync } from 'node:fs';
import Table from 'cli-table3';
import type { ModelPool } from '#models';
import { readImage } from '../packages/annotation/testing/images.ts';
import {
  HIPPOCAMPUS,
  hippocampusImage,
  hippocampusPoints,
} from '../packages/annotation/testing/measured.ts';
import { clickOrientations, turnedAtRandom } from '../packages/annotation/testing/orientations.ts';
import { shippedModels } from '../packages/annotation/testing/shipped-models.ts';

const IMAGES = 8;
/** A turned image's seed is this and its number. */
const SEED = 100;

interface Count {
  masks: number;
  identical: number;
}

async function count(pool: ModelPool, model: string, turned: boolean): Promise<Count> {
  const all = [...hippocampusPoints()];
  const sample = all.filter((_, at) => at % Math.floor(all.length / IMAGES) === 0).slice(0, IMAGES);
  const counted = { masks: 0, identical: 0 };
  for (const [number, [name, points]] of sample.entries()) {
    const straight = await readImage(hippocampusImage(name));
    const original = turned ? turnedAtRandom(straight, SEED + number) : straight;
    const found = await clickOrientations({ model: pool.get(model), original, points });
    straight.dispose();
    counted.masks += found.copies;
    counted.identical += found.copies - found.different.length;
    const seed = turned ? ` turned with seed ${SEED + number}` : '';
    for (const orientation of found.different) {
      console.log(`${model}, ${name}${seed}: another mask in orientation ${orientation}`);
    }
  }
  return counted;
}

if (!existsSync(HIPPOCAMPUS)) {
  console.log(`SKIPPED: ${HIPPOCAMPUS} is not there (the data of the specification)`);
  process.exit(process.env.CI === 'true' ? 1 : 0);
}
const pool = await shippedModels();
const head = ['model', 'images', 'stored', 'masks', 'identical'];
const table = new Table({ head, style: { head: [], border: [] } });
for (const model of ['annotation_hippocampus', 'annotation_any']) {
  for (const turned of [false, true]) {
    const { masks, identical } = await count(pool, model, turned);
    const how = turned ? 'turned at random, in 48 orientations' : 'in 48 orientations';
    table.push([model, IMAGES, how, masks, identical]);
    if (masks !== IMAGES * 48 || identical !== masks) process.exitCode = 1;
  }
}
pool.dispose();
console.log('points as RAS text of three decimals, affines as float32');
console.log(table.toString());
