import assert from 'node:assert/strict';
import { Tensor } from '../../lib/tensor.ts';
import { askNumpy } from '../../test/numpy.ts';
import { random } from '../../test/parity.ts';
import {
  type FillHolesOptions,
  fillHoles,
  type LabelComponentsOptions,
  labelComponents,
} from './index.ts';

const CONNECTIVITIES = [6, 18, 26] as const;
const SHAPE = [41, 52, 63] as const;

/** The structuring element of a connectivity, for scipy. */
const structure = (connectivity: 6 | 18 | 26) =>
  `ndimage.generate_binary_structure(3, ${{ 6: 1, 18: 2, 26: 3 }[connectivity]})`;

const scipy = (rest: string) => `
from scipy import ndimage
mask = np.frombuffer(data, np.uint8).reshape(${JSON.stringify(SHAPE)})
${rest}`;

function noise(seed: number, density: number): Tensor {
  const chance = random(seed);
  const length = SHAPE[0] * SHAPE[1] * SHAPE[2];
  return Tensor.fromArray(
    'uint8',
    SHAPE,
    Uint8Array.from({ length }, () => (chance() < density ? 1 : 0)),
  );
}

describe('labelComponents', () => {
  it('numbers by size, then by the first voxel', async () => {
    using mask = Tensor.fromArray('uint8', [1, 1, 10], [1, 0, 2, 2, 0, 1, 1, 1, 0, 5]);
    using labels = Tensor.fromArray('int32', [1, 1, 10], new Array(10).fill(99));
    const { voxels } = await labelComponents({ mask, labels, connectivity: 6 });
    assert.deepEqual([...labels.toArray()], [3, 0, 2, 2, 0, 1, 1, 1, 0, 4]);
    assert.deepEqual([...voxels], [3, 2, 1, 1]);
    const only = await labelComponents({ mask, labels, label: 1, connectivity: 6 });
    assert.deepEqual([...labels.toArray()], [2, 0, 0, 0, 0, 1, 1, 1, 0, 0]);
    assert.deepEqual([...only.voxels], [3, 1]);
  });

  for (const connectivity of CONNECTIVITIES) {
    it(`finds what scipy finds: ${connectivity}`, async function () {
      for (const density of [0.1, 0.3, 0.5]) {
        using mask = noise(connectivity + density, density);
        using labels = Tensor.empty('int32', SHAPE);
        const { voxels } = await labelComponents({ mask, labels, connectivity });
        // scipy numbers by the first voxel: a stable sort by size gives our order.
        const program = scipy(`
found, count = ndimage.label(mask, ${structure(connectivity)})
sizes = np.bincount(found.ravel(), minlength=count + 1)
order = 1 + np.argsort(-sizes[1:], kind='stable')
number = np.zeros(count + 1, int)
number[order] = 1 + np.arange(count)
print(json.dumps({'labels': number[found].ravel().tolist(), 'voxels': sizes[order].tolist()}))`);
        const expected = askNumpy(this, program, mask.bytes());
        const ours = { labels: [...(labels.toArray() as Int32Array)], voxels: [...voxels] };
        assert.deepEqual(ours, expected, `density ${density}`);
      }
    });
  }

  it('refuses what is no mask, label, connectivity or room for labels', async () => {
    using mask = Tensor.empty('uint8', [2, 2, 2]);
    using labels = Tensor.empty('int32', [2, 2, 2]);
    const wrong: [string, Partial<LabelComponentsOptions>][] = [
      ['mask', { mask: Tensor.empty('uint8', [2, 2]) }],
      ['label', { label: 0 }],
      ['connectivity', { connectivity: 4 as 6 }],
      ['labels', { labels: Tensor.empty('uint8', [2, 2, 2]) }],
      ['labels', { labels: Tensor.empty('int32', [2, 2, 3]) }],
    ];
    for (const [subject, change] of wrong) {
      const refused = labelComponents({ mask, labels, connectivity: 6, ...change });
      await assert.rejects(refused, { reason: 'ARGUMENT_INVALID', subject });
    }
  });
});

describe('fillHoles', () => {
  it('fills what is enclosed, and leaves other labels', async () => {
    const ring = [2, 2, 2, 2, 2, 2, 0, 7, 0, 2, 2, 2, 2, 2, 0];
    // A plane between two full ones, so that its inside has no way out.
    using mask = Tensor.fromArray(
      'uint8',
      [3, 3, 5],
      [...Array(15).fill(2), ...ring, ...Array(15).fill(2)],
    );
    assert.deepEqual(await fillHoles({ mask, label: 2 }), { voxels: 2 });
    assert.deepEqual(
      [...mask.select(0, 1).toArray()],
      [2, 2, 2, 2, 2, 2, 2, 7, 2, 2, 2, 2, 2, 2, 0],
    );
  });

  for (const connectivity of CONNECTIVITIES) {
    it(`fills what scipy fills: ${connectivity}`, async function () {
      for (const density of [0.5, 0.75, 0.9, 0.97]) {
        using mask = noise(connectivity + density, density);
        const program = scipy(`
filled = ndimage.binary_fill_holes(mask, ${structure(connectivity)})
print(json.dumps({'mask': filled.astype(int).ravel().tolist(), 'voxels': int(filled.sum() - mask.sum())}))`);
        const expected = askNumpy(this, program, mask.bytes());
        const { voxels } = await fillHoles({ mask, connectivity });
        assert.deepEqual({ mask: [...mask.bytes()], voxels }, expected, `density ${density}`);
      }
    });
  }

  it('refuses what is no mask, label or connectivity', async () => {
    using mask = Tensor.empty('uint8', [2, 2, 2]);
    const wrong: [string, Partial<FillHolesOptions>][] = [
      ['mask', { mask: Tensor.empty('float32', [2, 2, 2]) }],
      ['label', { label: 256 }],
      ['connectivity', { connectivity: 8 as 6 }],
    ];
    for (const [subject, change] of wrong) {
      const refused = fillHoles({ mask, ...change });
      await assert.rejects(refused, { reason: 'ARGUMENT_INVALID', subject });
    }
  });
});
