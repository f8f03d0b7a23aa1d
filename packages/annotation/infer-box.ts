import {
  type Box,
  boxShape,
  boxToRoi,
  type ClosestRas,
  indexToRoi,
  perAxis,
  spacingOf,
  type Vec3,
} from '#geometry';
import { resample, type Tensor } from '#kernels';
import { gridShape, type Model, networkTensors } from '#models';
import { Fields, fieldOf, runChain } from '#transforms';
import type { PreparedVolume } from './prepare-volume.ts';
import type { StageClock } from './stage-clock.ts';

export interface BoxRun {
  readonly model: Model;
  readonly volume: PreparedVolume;
  readonly view: ClosestRas;
  /** Indices of the closest-RAS view. */
  readonly points: readonly Vec3[];
  /** In the closest-RAS view. */
  readonly box: Box;
  readonly clock: StageClock;
  readonly signal: AbortSignal | undefined;
}

/**
 * The box of the volume through the network.
 *
 * @returns the chain's fields after it, on the network's grid; the caller disposes them
 */
export async function inferBox(run: BoxRun): Promise<Fields> {
  const { model, view, box, clock, signal } = run;
  const { chain, network } = model;
  const spacing = spacingOf(view.grid.affine);
  const extentMm = perAxis((axis) => boxShape(box)[axis] * spacing[axis]);
  const { inputs, outputs } = networkTensors(model, gridShape(model.grid, extentMm));
  try {
    const input = inputs[chain.input.node];
    if (input === undefined) throw new Error('a checked chain has an input');
    using storage = input.select(0, 0);
    await fillInput(run, storage);
    await clock.time('infer', () => network.run({ inputs, outputs, ...(signal && { signal }) }));
    const fields = new Fields();
    for (const { field, node } of chain.outputs) {
      const output = outputs[node]?.select(0, 0);
      const channels = model.outputChannels[field] ?? 1;
      if (output !== undefined) fields.set(field, fieldOf(output, { channels }));
    }
    return fields;
  } finally {
    for (const tensor of [...Object.values(inputs), ...Object.values(outputs)]) tensor.dispose();
  }
}

/** Fills one image of the network's input, [channel, x, y, z]: the box, then the model's own chain. */
export async function fillInput(run: BoxRun, storage: Tensor): Promise<void> {
  const { model, points, box, clock, signal } = run;
  const [, x = 1, y = 1, z = 1] = storage.shape;
  const shape: Vec3 = [x, y, z];
  await clock.time('resample', () => resampleBox(run, storage, shape));
  const image = fieldOf(storage.flip([]), { channels: 1, hasChannels: false });
  using fields = new Fields([[model.chain.input.field, image]]);
  const gridPoints = points.map((point) => indexToRoi(point, box, shape));
  await clock.time('transform', () =>
    runChain(model.chain.pre, { fields, points: gridPoints, signal }),
  );
}

/** The box, resampled to the network's grid straight into the first channel of its input. */
async function resampleBox(
  { volume, view, box, signal }: BoxRun,
  storage: Tensor,
  shape: Vec3,
): Promise<void> {
  using permuted = volume.voxels.permute(view.order);
  using voxels = permuted.flip([0, 1, 2].filter((axis) => view.flip[axis]));
  using output = storage.select(0, 0);
  await resample({
    input: voxels,
    output,
    outputToInput: boxToRoi(box, shape),
    scale: volume.scale,
    ...(signal && { signal }),
  });
}
