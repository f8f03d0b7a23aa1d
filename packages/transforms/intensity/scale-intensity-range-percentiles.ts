import { z } from 'zod';
import { percentiles, pointwise } from '#kernels';
import { changeChannels } from '../change-voxels.ts';
import { declareTransform } from '../declaration.ts';
import { fieldNames, namesOf, usesOf } from '../field-names.ts';
import { AS_REAL } from './as-real.ts';

const percent = z.number().min(0).max(100);

const schema = z.strictObject({
  fields: fieldNames,
  lower: percent.describe('percentile that becomes b_min'),
  upper: percent.describe('percentile that becomes b_max'),
  b_min: z.number().describe('lower end of the new range'),
  b_max: z.number().describe('upper end of the new range'),
  clip: z.boolean().default(false).describe('cut what lies beyond the new range'),
});

/** MONAI's transform of that name, channel-wise; percentiles as numpy's linear ones. */
export const scaleIntensityRangePercentiles = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.ScaleIntensityRangePercentiles',
  summary:
    'Per channel, maps the `lower` and `upper` percentile linearly to b_min and b_max. A channel in which both are equal becomes b_min.',
  schema,
  kind: 'intensity',
  reads: (args) => usesOf(args.fields, 'fields'),
  writes(args, types) {
    if (args.upper > args.lower) return types;
    return { path: ['upper'], got: String(args.upper), expected: `more than lower, ${args.lower}` };
  },
  async run(args, context) {
    const cancel = context.signal === undefined ? {} : { signal: context.signal };
    const bounds = [args.b_min, args.b_max].toSorted((a, b) => a - b) as [number, number];
    for (const name of namesOf(args.fields)) {
      await changeChannels(name, context, async (input, output) => {
        if (input.dtype !== 'float32') await pointwise({ input, output, map: AS_REAL, ...cancel });
        const percents = [args.lower, args.upper];
        const [low = 0, high = 0] = await percentiles({ input: output, percents, ...cancel });
        const factor = high === low ? 0 : (args.b_max - args.b_min) / (high - low);
        const offset = args.b_min - low * factor;
        const map = { kind: 'scale' as const, factor, offset, ...(args.clip && { clip: bounds }) };
        await pointwise({ input: output, output, map, ...cancel });
      });
    }
  },
});
