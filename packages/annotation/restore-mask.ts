import { type Box, boxShape, roiToBox, type Vec3 } from '#geometry';
import { argmax, largestComponent, pointwise, resample, Tensor } from '#kernels';
import type { Model } from '#models';
import type { Field } from '#transforms';

interface RestoreOptions {
  /** The network's answer on its own grid, [channel, x, y, z]. */
  readonly answer: Field | undefined;
  readonly model: Model;
  /** In the closest-RAS view. */
  readonly box: Box;
  readonly signal: AbortSignal | undefined;
}

/**
 * Probabilities back, linearly, onto the image's own voxels of the box, and only there threshold or
 * argmax, then the largest component of each label.
 *
 * @returns the box's mask, uint8, in the closest-RAS view's order, and how many voxels it has
 */
export async function restoreMask(
  options: RestoreOptions,
): Promise<{ mask: Tensor; voxels: number }> {
  const { answer, model, box, signal } = options;
  if (answer === undefined) throw new Error('a checked chain has an answer');
  const mask = Tensor.empty('uint8', boxShape(box));
  try {
    if (answer.channels <= 2) await thresholdInto(mask, answer, options);
    else await argmaxInto(mask, answer, options);
    const { connectivity, labels } = model.description;
    let voxels = 0;
    for (const label of labels.keys()) {
      const kept = await largestComponent({
        mask,
        label: label + 1,
        connectivity,
        ...(signal && { signal }),
      });
      voxels += kept.voxels;
    }
    return { mask, voxels };
  } catch (error) {
    mask.dispose();
    throw error;
  }
}

/** Of one channel that one, of two the second: the first is the background. */
async function thresholdInto(
  mask: Tensor,
  answer: Field,
  { model, box, signal }: RestoreOptions,
): Promise<void> {
  const cancel = signal === undefined ? {} : { signal };
  using probability = Tensor.empty('float32', boxShape(box));
  await ontoBox(answer, { channel: answer.channels - 1, box, output: probability, signal });
  const map = { kind: 'threshold', atLeast: model.description.threshold } as const;
  await pointwise({ input: probability, output: mask, map, ...cancel });
}

async function argmaxInto(
  mask: Tensor,
  answer: Field,
  { box, signal }: RestoreOptions,
): Promise<void> {
  using probabilities = Tensor.empty('float32', [answer.channels, ...boxShape(box)]);
  for (let channel = 0; channel < answer.channels; channel++) {
    using output = probabilities.select(0, channel);
    await ontoBox(answer, { channel, box, output, signal });
  }
  await argmax({ input: probabilities, output: mask, ...(signal && { signal }) });
}

async function ontoBox(
  answer: Field,
  {
    channel,
    box,
    output,
    signal,
  }: { channel: number; box: Box; output: Tensor; signal: AbortSignal | undefined },
): Promise<void> {
  using input = answer.storage.select(0, channel);
  const [x = 1, y = 1, z = 1] = input.shape;
  const gridShape: Vec3 = [x, y, z];
  const outputToInput = roiToBox(box, gridShape);
  await resample({ input, output, outputToInput, ...(signal && { signal }) });
}
