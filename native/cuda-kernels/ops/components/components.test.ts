import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Tensor } from '../../lib/tensor.ts';
import { random } from '../../test/parity.ts';
import { type LargestComponentOptions, largestComponent } from './index.ts';

const CONNECTIVITIES = [6, 18, 26] as const;
const PYTHON = '/usr/bin/python3';

describe('largestComponent', () => {
  it('joins by faces, edges and corners as asked', async () => {
    const sizes = [];
    for (const connectivity of CONNECTIVITIES) {
      using mask = Tensor.empty('uint8', [3, 3, 3]);
      // Two voxels by a face, a third by an edge, a fourth by a corner.
      for (const n of [0, 1, 5, 16]) mask.bytes()[n] = 1;
      sizes.push((await largestComponent({ mask, connectivity })).voxels);
    }
    assert.deepEqual(sizes, [2, 3, 4]);
  });

  it('leaves other labels as they are', async () => {
    using mask = Tensor.fromArray('uint8', [1, 1, 9], [1, 2, 2, 3, 2, 0, 1, 1, 2]);
    const { voxels } = await largestComponent({ mask, label: 2, connectivity: 6 });
    assert.equal(voxels, 2);
    assert.deepEqual([...mask.toArray()], [1, 2, 2, 3, 0, 0, 1, 1, 0]);
  });

  it('finds nothing in nothing', async () => {
    using mask = Tensor.empty('uint8', [4, 5, 6]);
    assert.deepEqual(await largestComponent({ mask, connectivity: 26 }), { voxels: 0 });
  });

  it('finds what scipy finds', async function () {
    const why = missingScipy();
    if (why !== undefined) {
      if (process.env.CI === 'true') assert.fail(why);
      console.log(`      skipped: ${why}`);
      this.skip();
    }
    for (const connectivity of CONNECTIVITIES) {
      for (const density of [0.15, 0.3, 0.5]) {
        using mask = noise(connectivity * 10 + density, density);
        const expected = scipyLargest(mask, connectivity);
        await largestComponent({ mask, connectivity });
        assert.ok(expected.equals(mask.bytes()), `connectivity ${connectivity}, ${density}`);
      }
    }
  });

  it('refuses what is no mask, label or connectivity', async () => {
    using mask = Tensor.empty('uint8', [2, 2, 2]);
    using flat = Tensor.empty('uint8', [2, 2]);
    using signed = Tensor.empty('int8', [2, 2, 2]);
    const wrong: [string, Partial<LargestComponentOptions>][] = [
      ['mask', { mask: flat }],
      ['mask', { mask: signed }],
      ['label', { label: 0 }],
      ['label', { label: 256 }],
      ['label', { label: 1.5 }],
      ['connectivity', { connectivity: 8 as 6 }],
    ];
    for (const [subject, change] of wrong) {
      const refused = largestComponent({ mask, connectivity: 6, ...change });
      await assert.rejects(refused, { reason: 'ARGUMENT_INVALID', subject });
    }
  });
});

const SHAPE = [41, 52, 63] as const;

function noise(seed: number, density: number): Tensor {
  const chance = random(seed);
  const length = SHAPE[0] * SHAPE[1] * SHAPE[2];
  const values = Uint8Array.from({ length }, () => (chance() < density ? 1 : 0));
  return Tensor.fromArray('uint8', SHAPE, values);
}

function missingScipy(): string | undefined {
  if (!existsSync(PYTHON)) return `${PYTHON} is not installed`;
  const { status } = spawnSync(PYTHON, ['-c', 'import scipy.ndimage']);
  return status === 0 ? undefined : 'python3-scipy is not installed';
}

/** scipy numbers components by their first voxel in C order, and argmax takes the first of equals. */
function scipyLargest(mask: Tensor, connectivity: 6 | 18 | 26): Buffer {
  const program = `
import sys, numpy as np
from scipy import ndimage
mask = np.frombuffer(sys.stdin.buffer.read(), np.uint8).reshape(${SHAPE.join(', ')})
structure = ndimage.generate_binary_structure(3, ${{ 6: 1, 18: 2, 26: 3 }[connectivity]})
labels, count = ndimage.label(mask, structure)
sizes = np.bincount(labels.ravel(), minlength=count + 1)
sizes[0] = 0
sys.stdout.buffer.write((labels == sizes.argmax()).astype(np.uint8).tobytes())`;
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', program], { input: mask.bytes() });
  assert.equal(status, 0, stderr.toString());
  return stdout;
}
