// The rivals are scipy.ndimage.label (with a bincount to choose the largest) and binary_fill_holes, one
// thread each, which time themselves.
// npx tsx native/cuda-kernels/ops/components/bench.ts
import { Tensor } from '../../lib/tensor.ts';
import { againstScipy } from '../../test/scipy-rival.ts';
import { fillHoles, labelComponents, largestComponent } from './index.ts';

const SIDE = 192;
const SHAPE = [SIDE, SIDE, SIDE];

/** A ball among specks, as a threshold leaves it; with holes in it where asked. */
function speckledBall(holes: boolean): Uint8Array {
  return Uint8Array.from({ length: SIDE ** 3 }, (_, n) => {
    const [i, j, k] = [n % SIDE, Math.floor(n / SIDE) % SIDE, Math.floor(n / SIDE / SIDE)];
    const isSpeck = Math.imul(n, 0x9e3779b1) >>> 0 < 2 ** 32 / 40;
    const inside = Math.hypot(i - SIDE / 2, j - SIDE / 2, k - SIDE / 2) < SIDE / 3;
    return (holes ? inside && !isSpeck : inside || isSpeck) ? 1 : 0;
  });
}

const specks = speckledBall(false);
const pierced = speckledBall(true);
using speckled = Tensor.fromArray('uint8', SHAPE, specks);
using mask = Tensor.empty('uint8', SHAPE);
using labels = Tensor.empty('int32', SHAPE);

await againstScipy({
  what: `largest component of ${SIDE}^3`,
  inputs: { mask: speckled },
  output: mask,
  prepare: () => mask.bytes().set(specks),
  ours: () => largestComponent({ mask, connectivity: 6 }),
  theirs: `
labels, count = ndimage.label(mask)
sizes = np.bincount(labels.ravel())
sizes[0] = 0
out = (labels == sizes.argmax()).astype(np.uint8)`,
  tolerance: 0,
});

await againstScipy({
  what: `components of ${SIDE}^3, numbered by size`,
  inputs: { mask: speckled },
  output: labels,
  ours: () => labelComponents({ mask: speckled, labels, connectivity: 6 }),
  theirs: `
found, count = ndimage.label(mask)
sizes = np.bincount(found.ravel(), minlength=count + 1)
number = np.zeros(count + 1, np.int32)
number[1 + np.argsort(-sizes[1:], kind='stable')] = 1 + np.arange(count)
out = number[found]`,
  tolerance: 0,
});

using whole = Tensor.fromArray('uint8', SHAPE, pierced);
await againstScipy({
  what: `holes of ${SIDE}^3`,
  inputs: { mask: whole },
  output: mask,
  prepare: () => mask.bytes().set(pierced),
  ours: () => fillHoles({ mask }),
  theirs: 'out = ndimage.binary_fill_holes(mask)',
  tolerance: 0,
});
