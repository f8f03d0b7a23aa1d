import { z } from 'zod';
import { percentiles, pointwise } from '#kernels';
import { declareTransform } from './declaration.ts';
import { eachChannel } from './field.ts';
import { fieldNames, namesOf, usesOf } from './field-names.ts';

const schema = z.strictObject({
  fields: fieldNames,
  lower: z.number().min(0).max(100),
  upper: z.number().min(0).max(100),
});

/** MONAI's transform of that name; percentiles as numpy's linear interpolation between order statistics. */
export const clipIntensityPercentiles = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.ClipIntensityPercentiles',
  summary: 'Per channel, cuts values below the `lower` and above the `upper` percentile.',
  schema,
  spatial: false,
  inverse: 'none',
  reads: (args) => usesOf(args.fields, 'fields'),
  writes(args, types) {
    if (args.upper > args.lower) return new Map(types);
    return { path: ['upper'], got: String(args.upper), expected: `more than lower, ${args.lower}` };
  },
  async run(args, { fields, signal }) {
    const cancel = signal === undefined ? {} : { signal };
    for (const name of namesOf(args.fields)) {
      const field = fields.get(name);
      if (field === undefined) continue;
      await eachChannel(field, async (channel) => {
        const percents = [args.lower, args.upper];
        const [low = 0, high = 0] = await percentiles({ input: channel, percents, ...cancel });
        const map = { kind: 'clip', low, high } as const;
        await pointwise({ input: channel, output: channel, map, ...cancel });
      });
    }
  },
});
