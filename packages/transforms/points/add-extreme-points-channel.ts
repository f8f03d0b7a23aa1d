import { z } from 'zod';
import type { Vec3 } from '#geometry';
import { extremePoints } from '#kernels';
import { settleField } from '../change-voxels.ts';
import { declareTransform, type RunContext, withTypes } from '../declaration.ts';
import { fieldName } from '../field-names.ts';
import { drawsOf } from '../random-draws.ts';
import { extremeVoxels } from './extreme-voxels.ts';
import { foregroundOf } from './foreground.ts';
import { faultOfPoints, pointsOnGrid } from './points-on-grid.ts';
import { withRoomForOne } from './room-for-channel.ts';

const schema = z.strictObject({
  image_field: fieldName.describe('the field that gets the channel'),
  label_field: fieldName.describe('the field whose extreme points are meant'),
  sigma: z.number().positive().describe('width of the Gaussians in voxels'),
  pert: z
    .number()
    .min(0)
    .default(0)
    .describe(
      'largest random shift of each coordinate, in voxels, of a voxel drawn from the outermost ones; 0: the most central of these',
    ),
  kernel: z
    .enum(['max', 'monai'])
    .default('max')
    .describe("how several Gaussians meet: their maximum, or MONAI's rescaled sum"),
});

type Args = z.infer<typeof schema>;

/**
 * Guide 10.2. When serving, the points are the request's, which stand for the label's. `kernel`
 * "max" is the maximum over points of exp(-d^2 / (2 sigma^2)), peak 1; "monai" is MONAI's sum of
 * erf kernels, rescaled to [-1, 1].
 */
export const addExtremePointsChannel = declareTransform<Args>({
  name: 'transforms.AddExtremePointsChannel',
  summary:
    'Adds a channel to `image_field` with a Gaussian of `sigma` voxels at each of the six extreme points of `label_field`, or at the points that were clicked.',
  schema,
  kind: 'fields',
  reads: (args) => [
    { field: args.image_field, argument: ['image_field'], wants: { axes: 3, hasChannels: true } },
    { field: args.label_field, argument: ['label_field'], orPoints: true },
  ],
  oneShape: (args) => [args.image_field, args.label_field],
  writes: (args, types) =>
    faultOfPoints(types, args) ??
    withTypes(types, [args.image_field], (type) => ({
      ...type,
      channels: type.channels === undefined ? undefined : type.channels + 1,
    })),
  whenServing(args) {
    if (args.pert === 0) return undefined;
    const remedy =
      'perturbed points are for training; a server takes the points as they are clicked';
    return { path: ['pert'], got: String(args.pert), expected: '0 when serving', remedy };
  },
  sigma: (args) => args.sigma,
  async run(args, context) {
    const { fields, signal } = context;
    await settleField(args.image_field, context);
    const points = await pointsOf(args, context);
    const field = await withRoomForOne(args.image_field, context);
    using output = field.storage.select(0, field.channels);
    const { sigma, kernel } = args;
    await extremePoints({ points, sigma, kernel, output, ...(signal && { signal }) });
    fields.set(args.image_field, { ...field, channels: field.channels + 1 });
  },
});

/** On the image's grid. */
async function pointsOf(args: Args, context: RunContext): Promise<readonly Vec3[]> {
  const { points, fields } = context;
  if (points !== undefined) return pointsOnGrid(points, args.image_field, fields);
  const { mask, runs } = await foregroundOf(args.label_field, context);
  mask.dispose();
  const perturbation = { voxels: args.pert, draws: drawsOf(context) };
  return extremeVoxels(runs, args.pert > 0 ? perturbation : undefined);
}
