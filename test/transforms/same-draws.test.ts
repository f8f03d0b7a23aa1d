import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compilePreparation, type Preparation, prepareItem, settleFields } from '#transforms';

const SAMPLES = join(import.meta.dirname, '../../samples/hippocampus');
const CHAIN = JSON.parse(readFileSync(join(SAMPLES, 'training-chain.json'), 'utf8')).train;
const FILES = {
  image: [join(SAMPLES, 'image.nii.gz')],
  label: [join(SAMPLES, 'label.nii.gz')],
};
/** Noise and deformation as well: what draws many numbers. */
const MORE = [
  { name: 'AddGaussianNoise', field: 'image', std: 0.1 },
  { name: 'Rand3DElastic', fields: ['image', 'label'], prob: 1 },
];

function compiled(fuse: boolean, more: readonly object[] = []): Preparation {
  const pre_transforms = [...CHAIN.pre_transforms, ...more];
  const { preparation } = compilePreparation(
    { pre_transforms, fuse },
    { files: FILES, hasPoints: false },
  );
  return preparation ?? assert.fail();
}

async function voxelsOf(chain: Preparation, item: number): Promise<Float32Array> {
  const sample = { seed: 77, epoch: 2, item };
  using fields = await prepareItem(chain, { files: FILES, sample });
  await settleFields(fields);
  return Float32Array.from(fields.array('image').storage.toArray(), Number);
}

const digest = (voxels: Float32Array) => createHash('sha256').update(voxels).digest('hex');

describe('a training chain', function () {
  this.timeout(60_000);

  it('gives an item the same voxels alone, beside others, and in any order', async () => {
    const chain = compiled(false, MORE);
    const alone: string[] = [];
    for (const item of [0, 1, 2, 3]) alone.push(digest(await voxelsOf(chain, item)));
    const beside = await Promise.all([3, 2, 1, 0].map((item) => voxelsOf(chain, item)));
    assert.deepEqual(beside.map(digest).toReversed(), alone);
    assert.equal(new Set(alone).size, 4);
  });

  it('that is fused interpolates once, to nearly the same', async () => {
    const [twice, once] = [await voxelsOf(compiled(false), 1), await voxelsOf(compiled(true), 1)];
    assert.equal(once.length, twice.length);
    assert.notEqual(digest(once), digest(twice));
    const apart = once.reduce((sum, value, n) => sum + Math.abs(value - (twice[n] ?? 0)), 0);
    // Of values between -1 and 1.
    assert.ok(apart / once.length < 0.02, `${apart / once.length}`);
  });
});
