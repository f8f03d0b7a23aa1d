import { z } from 'zod';
import { pointwise, statistics } from '#kernels';
import { declareTransform } from './declaration.ts';
import { eachChannel } from './field.ts';
import { fieldNames, namesOf, usesOf } from './field-names.ts';

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
        const cancel = signal === undefined ? {} : { signal };
        const found = await statistics({ input: channel, skipZeros: args.nonzero, ...cancel });
        if (found.count === 0) return;
        const { mean, std } = found;
        const map = { kind: 'standardise', mean, std, keepZeros: args.nonzero } as const;
        await pointwise({ input: channel, output: channel, map, ...cancel });
      });
    }
  },
});
