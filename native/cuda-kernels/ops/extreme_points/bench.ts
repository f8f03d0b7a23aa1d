// The channel is written once, so its rival is a copy of as many bytes.
// npx tsx native/cuda-kernels/ops/extreme_points/bench.ts
import { Tensor } from '../../lib/tensor.ts';
import { comparePairs, pairedLine } from '../../test/pairs.ts';
import { extremePoints, type Point } from './index.ts';

/** Six points on the faces of a box in the middle of the grid. */
function pointsOf(side: number): Point[] {
  const [low, middle, high] = [0.125 * side, 0.5 * side, 0.875 * side];
  return [
    [low, middle, middle],
    [high, middle, middle],
    [middle, low, middle],
    [middle, high, middle],
    [middle, middle, low],
    [middle, middle, high],
  ];
}

for (const side of [48, 128]) {
  for (const kernel of ['max', 'monai'] as const) {
    using output = Tensor.empty('float32', [side, side, side]);
    const copy = new Uint8Array(output.bytes().length);
    const ours = async () => {
      await extremePoints({ points: pointsOf(side), sigma: 3, output, kernel });
      return undefined;
    };
    const rival = () => {
      copy.set(output.bytes());
      return undefined;
    };
    const result = await comparePairs({ name: 'ours', run: ours }, { name: 'copy', run: rival });
    console.log(pairedLine(`extreme points ${kernel}, ${side}^3`, 'copy', result));
  }
}
