import { z } from 'zod';
import { extremePoints } from '#kernels';
import { declareTransform } from './declaration.ts';

const schema = z.strictObject({
  image_field: z.string().min(1),
  label_field: z.string().min(1),
  sigma: z.number().positive(),
  pert: z.number().min(0).default(0),
  kernel: z.enum(['max', 'monai']).default('max'),
});

/**
 * Guide 10.2. The points are the request's, which stand for the label's when serving. `kernel`
 * "max" is the maximum over points of exp(-d^2 / (2 sigma^2)), peak 1; "monai" is MONAI's sum of
 * erf kernels, rescaled to [-1, 1].
 */
export const addExtremePointsChannel = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.AddExtremePointsChannel',
  summary:
    'Adds a channel to `image_field` with a Gaussian of `sigma` voxels at each extreme point.',
  schema,
  spatial: false,
  inverse: 'none',
  reads: (args) => [
    { field: args.image_field, argument: ['image_field'], rank: 4 },
    { field: args.label_field, argument: ['label_field'] },
  ],
  writes(args, types) {
    if (args.pert !== 0) {
      const remedy =
        'perturbed points are for training; a server takes the points as they are clicked';
      return { path: ['pert'], got: String(args.pert), expected: '0 when serving', remedy };
    }
    const channels = types.get(args.image_field)?.channels;
    const grown = channels === undefined ? undefined : channels + 1;
    return new Map(types).set(args.image_field, { rank: 4, channels: grown });
  },
  sigma: (args) => args.sigma,
  async run(args, { fields, points, signal }) {
    const field = fields.get(args.image_field);
    if (field === undefined) return;
    using output = field.storage.select(0, field.channels);
    const { sigma, kernel } = args;
    await extremePoints({ points, sigma, kernel, output, ...(signal && { signal }) });
    field.channels += 1;
  },
});
