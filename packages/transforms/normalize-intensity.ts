import { z } from 'zod';
import { statistics } from '#kernels';
import { declareTransform } from './declaration.ts';
import { eachChannel } from './field.ts';
import { fieldNames, namesOf, usesOf } from './field-names.ts';
import { standardise } from './standardise.ts';

const schema = z.strictObject({ fields: fieldNames, nonzero: z.boolean().default(false) });

/** MONAI's transform of that name, channel-wise; the deviation is the population's. */
export const normalizeIntensity = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.NormalizeIntensity',
  summary:
    'Per channel, takes the mean away and divides by the deviation; of all voxels, or with `nonzero` of those that are not 0.',
  schema,
  spatial: false,
  inverse: 'none',
  reads: (args) => usesOf(args.fields, 'fields', 4),
  writes: (_args, types) => new Map(types),
  async run(args, { fields, signal }) {
    for (const name of namesOf(args.fields)) {
      const field = fields.get(name);
      if (field === undefined) continue;
      await eachChannel(field, async (channel) => {
        const { count, mean, std } = await statistics({
          input: channel,
          skipZeros: args.nonzero,
          ...(signal && { signal }),
        });
        if (count > 0) await standardise(channel, { mean, std, keepZeros: args.nonzero }, signal);
      });
    }
  },
});
