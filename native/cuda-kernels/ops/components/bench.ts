// The rival is scipy.ndimage.label with a bincount, which times itself.
// npx tsx native/cuda-kernels/ops/components/bench.ts
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tensor } from '../../lib/tensor.ts';
import { comparePairs, pairedLine } from '../../test/pairs.ts';
import { largestComponent } from './index.ts';

const side = 192;
const PYTHON = '/usr/bin/python3';
const folder = mkdtempSync(join(tmpdir(), 'sextant-bench-'));
const [maskFile, keptFile] = [join(folder, 'mask'), join(folder, 'kept')];

/** A ball among specks, as a threshold leaves it. */
function speckledBall(): Uint8Array {
  return Uint8Array.from({ length: side ** 3 }, (_, n) => {
    const [i, j, k] = [n % side, Math.floor(n / side) % side, Math.floor(n / side / side)];
    const isSpeck = Math.imul(n, 0x9e3779b1) >>> 0 < 2 ** 32 / 40;
    return isSpeck || Math.hypot(i - side / 2, j - side / 2, k - side / 2) < side / 3 ? 1 : 0;
  });
}

const program = `
import time, numpy as np
from scipy import ndimage
mask = np.fromfile('${maskFile}', np.uint8).reshape(${side}, ${side}, ${side})
begin = time.perf_counter()
labels, count = ndimage.label(mask)
sizes = np.bincount(labels.ravel())
sizes[0] = 0
kept = (labels == sizes.argmax()).astype(np.uint8)
print((time.perf_counter() - begin) * 1000)
kept.tofile('${keptFile}')`;

const scipy = () => {
  const { status, stdout } = spawnSync(PYTHON, ['-c', program], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : undefined;
};

try {
  const voxels = speckledBall();
  writeFileSync(maskFile, voxels);
  if (scipy() === undefined) {
    console.log('skipped: python3-scipy is not installed');
  } else {
    using mask = Tensor.fromArray('uint8', [side, side, side], voxels);
    const ours = async () => {
      mask.bytes().set(voxels);
      const begin = performance.now();
      await largestComponent({ mask, connectivity: 6 });
      return performance.now() - begin;
    };
    const contestants = [
      { name: 'ours', run: ours },
      { name: 'scipy', run: scipy },
    ] as const;
    const result = await comparePairs(...contestants, { pairs: 5 });
    if (!readFileSync(keptFile).equals(mask.bytes())) throw new Error('the masks differ');
    console.log(pairedLine(`largest component of ${side}^3`, 'scipy', result));
  }
} finally {
  rmSync(folder, { recursive: true });
}
