import { z } from 'zod';
import { percentiles, pointwise } from '#kernels';
import { changeChannels } from '../change-voxels.ts';
import { declareTransform } from '../declaration.ts';
import { fieldNames, namesOf, usesOf } from '../field-names.ts';
import { AS_REAL } from './as-real.ts';

const schema = z.strictObject({
  fields: fieldNames,
  lower: z.number().min(0).max(100).describe('percentile below which values are cut'),
  upper: z.number().min(0).max(100).describe('percentile above which values are cut'),
});

/** MONAI's transform of that name; percentiles as numpy's linear interpolation between order statistics. */
export const clipIntensityPercentiles = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.ClipIntensityPercentiles',
  summary: 'Per channel, cuts values below the `lower` and above the `upper` percentile.',
  schema,
  kind: 'intensity',
  reads: (args) => usesOf(args.fields, 'fields'),
  writes(args, types) {
    if (args.upper > args.lower) return types;
    return { path: ['upper'], got: String(args.upper), expected: `more than lower, ${args.lower}` };
  },
  async run(args, context) {
    const cancel = context.signal === undefined ? {} : { signal: context.signal };
    for (const name of namesOf(args.fields)) {
      await changeChannels(name, context, async (input, output) => {
        if (input.dtype !== 'float32') await pointwise({ input, output, map: AS_REAL, ...cancel });
        const percents = [args.lower, args.upper];
        const [low = 0, high = 0] = await percentiles({ input: output, percents, ...cancel });
        const map = { kind: 'clip', low, high } as const;
        await pointwise({ input: output, output, map, ...cancel });
      });
    }
  },
});
