import { z } from 'zod';
import { declareTransform } from '../declaration.ts';
import { fieldNames, usesOf } from '../field-names.ts';
import { standardiseChannels } from './standardise-channels.ts';

const schema = z.strictObject({ fields: fieldNames, nonzero: z.boolean().default(false) });

/** MONAI's transform of that name, channel-wise; the deviation is the population's. */
export const normalizeIntensity = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.NormalizeIntensity',
  summary:
    'Per channel, takes the mean away and divides by the deviation; of all voxels, or with `nonzero` of those that are not 0.',
  schema,
  kind: 'intensity',
  reads: (args) => usesOf(args.fields, 'fields', { hasChannels: true }),
  writes: (_args, types) => types,
  run: (args, context) => standardiseChannels(args.fields, context, { skipZeros: args.nonzero }),
});
