import { z } from 'zod';
import { declareTransform } from '../declaration.ts';
import { fieldNames, usesOf } from '../field-names.ts';
import { standardiseChannels } from './standardise-channels.ts';

const schema = z.strictObject({ fields: fieldNames });

/** Guide 10.2; the deviation is the population's, and zeros stay 0. */
export const normalizeNonzeroIntensities = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.NormalizeNonzeroIntensities',
  summary:
    'Per channel, takes the mean of the voxels that are not 0 from them and divides by their deviation.',
  schema,
  kind: 'intensity',
  reads: (args) => usesOf(args.fields, 'fields', { hasChannels: true }),
  writes: (_args, types) => types,
  run: (args, context) => standardiseChannels(args.fields, context, { skipZeros: true }),
});
