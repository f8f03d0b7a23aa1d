import { elementCount } from '../../lib/strides.ts';
import { Tensor } from '../../lib/tensor.ts';
import { type ParityCase, type ParityCases, random } from '../../test/parity.ts';
import { sampleViews } from '../../test/sample-views.ts';
import { overlap } from './index.ts';
import { overlapReference } from './reference.ts';

type View = (tensor: Tensor) => Tensor;

interface Sketch {
  readonly name: string;
  readonly shape: readonly number[];
  readonly prediction: readonly number[];
  readonly reference: readonly number[];
  readonly predictionView?: View;
  readonly referenceView?: View;
}

const same: View = (tensor) => tensor;

function parityCase(sketch: Sketch): ParityCase {
  const { name, shape, predictionView = same, referenceView = same } = sketch;
  const both = () => ({
    prediction: predictionView(Tensor.fromArray('uint8', shape, sketch.prediction)),
    reference: referenceView(Tensor.fromArray('uint8', shape, sketch.reference)),
  });
  return {
    name,
    without: { emulated: 'the threads of its kernel cooperate' },
    reference: () => {
      const { prediction, reference } = both();
      return overlapReference(
        prediction.toArray() as Uint8Array,
        reference.toArray() as Uint8Array,
      );
    },
    run: async () => {
      const found = await overlap(both());
      return {
        labels: found.map(({ label }) => label),
        prediction: found.map(({ predictionVoxels }) => predictionVoxels),
        reference: found.map(({ referenceVoxels }) => referenceVoxels),
        shared: found.map(({ sharedVoxels }) => sharedVoxels),
      };
    },
  };
}

/** Labels in stretches, so that eights of one label come up beside mixed ones. */
function stretches(count: number, labels: number, length: number, seed: number): number[] {
  const chance = random(seed);
  let label = 0;
  return Array.from({ length: count }, () => {
    if (chance() < 1 / length) label = Math.floor(chance() * labels);
    return label;
  });
}

const views: readonly Sketch[] = sampleViews
  .filter(({ shape }) => shape.length > 0)
  .map(({ name, shape, view }) => ({
    name: `view: ${name}`,
    shape,
    prediction: stretches(elementCount(shape), 4, 20, 1),
    reference: stretches(elementCount(shape), 4, 20, 2),
    predictionView: view,
    referenceView: view,
  }));

const cube = 20 * 21 * 70;
const rest: readonly Sketch[] = [
  {
    name: 'all 256 labels',
    shape: [20, 21, 70],
    prediction: stretches(cube, 256, 3, 3),
    reference: stretches(cube, 256, 3, 4),
  },
  {
    name: 'the same twice',
    shape: [20, 21, 70],
    prediction: stretches(cube, 5, 30, 5),
    reference: stretches(cube, 5, 30, 5),
  },
  {
    name: 'F order beside C order',
    shape: [20, 20, 20],
    prediction: stretches(8000, 3, 10, 6),
    reference: stretches(8000, 3, 10, 7),
    predictionView: (t) => t.permute([2, 1, 0]),
  },
  {
    name: 'flipped beside not',
    shape: [9, 10, 33],
    prediction: stretches(2970, 3, 10, 8),
    reference: stretches(2970, 3, 10, 9),
    referenceView: (t) => t.flip([0, 2]),
  },
];

export const cases: ParityCases = [...views, ...rest].map(parityCase);
