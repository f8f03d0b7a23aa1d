import { z } from 'zod';
import type { Vec3 } from '#geometry';
import type { RunContext } from '../declaration.ts';
import { shapeOf } from '../field.ts';
import { fieldName } from '../field-names.ts';
import { maskOf } from '../points/foreground.ts';
import { drawsOf, type RandomDraws } from '../random-draws.ts';
import { declareSpatial } from './declare-spatial.ts';
import { sizeOf } from './size.ts';
import { lowAround, window } from './window.ts';

const ratio = z.number().min(0);

const schema = z.strictObject({
  image_field: fieldName.describe('the image'),
  label_field: fieldName.describe('the label that says what is foreground'),
  size: sizeOf('voxels along x, y, z after it'),
  ratio_start: ratio.describe('foreground to background crops in the first epochs'),
  ratio_end: ratio.describe('the same in the last epochs'),
  ratio_step: z
    .number()
    .describe(
      'change of the ratio after every `num_epochs` epochs; its sign is that of the way from start to end',
    ),
  num_epochs: z.int().min(1).describe('epochs of one step'),
});

type Args = z.infer<typeof schema>;

/** Guide 10.2. A ratio of r means that a crop has a voxel of the foreground in its middle with probability r / (1 + r). */
export const cropSubVolumePosNegRatioCtrlEpoch = declareSpatial<Args>({
  name: 'transforms_ctrl.CropSubVolumePosNegRatioCtrlEpoch',
  summary:
    'Cuts `size` voxels around a voxel that is drawn from the foreground or the background, in a ratio that changes with the epoch; the crop is moved to lie inside, and padded with 0 where the image is smaller.',
  schema,
  isRandom: true,
  applied: (args) => [
    { field: args.image_field, argument: ['image_field'], wants: { axes: 3, hasChannels: true } },
    { field: args.label_field, argument: ['label_field'], wants: { axes: 3, hasChannels: true } },
  ],
  oneShape: (args) => [args.image_field, args.label_field],
  shapeAfter: (args) => args.size,
  async plan(args, context) {
    const positive = ratioAt(args, context.sample?.epoch ?? 0);
    const part = positive / (1 + positive);
    const centre = await drawnVoxel(args.label_field, context, part, drawsOf(context));
    const shape = shapeOf(context.fields.array(args.label_field));
    const low = lowAround(centre, args.size, shape);
    return () => window(low, args.size);
  },
});

/** The ratio of an epoch, which counts from 0. */
export function ratioAt(args: Args, epoch: number): number {
  const { ratio_start: start, ratio_end: end, ratio_step: step } = args;
  const moved =
    start + Math.sign(end - start) * Math.abs(step) * Math.floor(epoch / args.num_epochs);
  return Math.min(Math.max(moved, Math.min(start, end)), Math.max(start, end));
}

/** A voxel of the foreground with this probability, else of the background; of the other where one has none. */
export async function drawnVoxel(
  label: string,
  context: RunContext,
  probability: number,
  draws: RandomDraws,
): Promise<Vec3> {
  const { mask, runs } = await maskOf(label, context);
  mask.dispose();
  const others = runs.shape[0] * runs.shape[1] * runs.shape[2] - runs.count;
  const isWanted = draws.chance(probability) && runs.count > 0;
  if (isWanted || others === 0) return runs.nth(draws.below(runs.count));
  return runs.nthOther(draws.below(others));
}
