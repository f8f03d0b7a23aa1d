import { z } from 'zod';
import { pointwise, statistics } from '#kernels';
import { declareTransform } from './declaration.ts';
import { eachChannel } from './field.ts';
import { fieldNames, namesOf, usesOf } from './field-names.ts';

const schema = z.strictObject({ fields: fieldNames });

/** Guide 10.2; the deviation is the population's, and zeros stay 0. */
export const normalizeNonzeroIntensities = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.NormalizeNonzeroIntensities',
  summary:
    'Per channel, takes the mean of the voxels that are not 0 from them and divides by their deviation.',
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
        const found = await statistics({ input: channel, skipZeros: true, ...cancel });
        if (found.count === 0) return;
        const { mean, std } = found;
        const map = { kind: 'standardise', mean, std, keepZeros: true } as const;
        await pointwise({ input: channel, output: channel, map, ...cancel });
      });
    }
  },
});
