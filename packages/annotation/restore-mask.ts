import { type Box, boxShape, type ClosestRas, perAxis, roiToBox, type Vec3 } from '#geometry';
import { argmax, largestComponent, resample, resampleThreshold, Tensor } from '#kernels';
import type { Model } from '#models';
import type { Field } from '#transforms';
import { partOf } from './part-of.ts';

interface RestoreOptions {
  /** The network's answer on its own grid, [channel, x, y, z]. */
  readonly answer: Field;
  readonly model: Model;
  readonly view: ClosestRas;
  /** In the closest-RAS view. */
  readonly box: Box;
  readonly signal: AbortSignal | undefined;
}

interface RestoredMask {
  /** The box's mask, uint8, axes in the file's order and the first one fastest; dispose it. */
  readonly mask: Tensor;
  /** In the closest-RAS view: all voxels of the mask that are not 0 lie in it. */
  readonly found: Box;
  /** How many those are. */
  readonly voxels: number;
}

/**
 * Probabilities back, linearly, onto the image's own voxels of the box, and only there threshold or
 * argmax, then the largest component of each label.
 */
export async function restoreMask(options: RestoreOptions): Promise<RestoredMask> {
  const { answer, model, box, view, signal } = options;
  const size = boxShape(box);
  // As run lengths go through it, so that they read its memory in a line.
  const mask = Tensor.empty(
    'uint8',
    perAxis((stored) => size[view.order.indexOf(stored)] ?? 1),
    { order: 'F' },
  );
  using permuted = mask.permute(view.order);
  using seen = permuted.flip([0, 1, 2].filter((axis) => view.flip[axis]));
  try {
    const inBox =
      answer.channels <= 2
        ? await thresholdInto(seen, answer, options)
        : await argmaxInto(seen, answer, options);
    const { connectivity, labels } = model.description;
    using around = partOf(seen, inBox);
    let voxels = 0;
    for (const label of labels.keys()) {
      const kept = await largestComponent({
        mask: around,
        label: label + 1,
        connectivity,
        ...(signal && { signal }),
      });
      voxels += kept.voxels;
    }
    return { mask, found: within(box, inBox), voxels };
  } catch (error) {
    mask.dispose();
    throw error;
  }
}

/** A box that was counted from the low face of another one. */
function within({ low }: Box, inner: Box): Box {
  return {
    low: perAxis((axis) => low[axis] + inner.low[axis]),
    high: perAxis((axis) => low[axis] + inner.high[axis]),
  };
}

/** Of one channel that one, of two the second: the first is the background. */
async function thresholdInto(
  mask: Tensor,
  answer: Field,
  { model, box, signal }: RestoreOptions,
): Promise<Box> {
  using input = answer.storage.select(0, answer.channels - 1);
  return await resampleThreshold({
    input,
    output: mask,
    outputToInput: roiToBox(box, gridShapeOf(input)),
    atLeast: model.description.threshold,
    ...(signal && { signal }),
  });
}

async function argmaxInto(
  mask: Tensor,
  answer: Field,
  { box, signal }: RestoreOptions,
): Promise<Box> {
  using probabilities = Tensor.empty('float32', [answer.channels, ...boxShape(box)]);
  for (let channel = 0; channel < answer.channels; channel++) {
    using input = answer.storage.select(0, channel);
    using output = probabilities.select(0, channel);
    const outputToInput = roiToBox(box, gridShapeOf(input));
    await resample({ input, output, outputToInput, ...(signal && { signal }) });
  }
  await argmax({ input: probabilities, output: mask, ...(signal && { signal }) });
  return { low: [0, 0, 0], high: boxShape(box) };
}

function gridShapeOf({ shape: [x = 1, y = 1, z = 1] }: Tensor): Vec3 {
  return [x, y, z];
}
