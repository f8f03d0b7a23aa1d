import { z } from 'zod';
import { indexedMap } from '#kernels';
import { changeVoxels } from '../change-voxels.ts';
import { declareTransform } from '../declaration.ts';
import { fieldNames, namesOf, usesOf } from '../field-names.ts';
import { drawsOf, streamOf } from '../random-draws.ts';

const schema = z.strictObject({
  field: fieldNames,
  std: z
    .number()
    .min(0)
    .default(0.1)
    .describe('largest deviation of the noise, in the units of the values'),
  prob: z.number().min(0).max(1).default(1).describe('of noise at all'),
});

/** Guide 10.2, which gives no deviation: it is uniform in [0, std), as MONAI's RandGaussianNoise draws it. */
export const addGaussianNoise = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.AddGaussianNoise',
  summary:
    'Adds Gaussian noise of mean 0 and a deviation that is drawn, to each voxel of each channel its own.',
  schema,
  kind: 'intensity',
  isRandom: true,
  reads: (args) => usesOf(args.field, 'field'),
  writes: (_args, types) => types,
  async run(args, context) {
    const { signal } = context;
    const draws = drawsOf(context);
    const isDone = draws.chance(args.prob);
    const std = draws.uniform(0, args.std);
    if (!isDone) return;
    for (const [n, name] of namesOf(args.field).entries()) {
      // A stream for each field; the first is that of the draws above.
      const map = { kind: 'noise', std, stream: streamOf(context, n + 1) } as const;
      await changeVoxels(name, context, (input, output) =>
        indexedMap({ input, output, map, ...(signal && { signal }) }),
      );
    }
  },
});
