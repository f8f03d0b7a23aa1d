import { z } from 'zod';
import { pointwise } from '#kernels';
import { declareTransform } from './declaration.ts';
import { eachChannel } from './field.ts';
import { fieldNames, namesOf, usesOf } from './field-names.ts';

const schema = z.strictObject({
  field: fieldNames,
  a_min: z.number(),
  a_max: z.number(),
  b_min: z.number(),
  b_max: z.number(),
  clip: z.boolean().default(false),
});

/** With the arguments of the guide's configurations (6.1); its table describes another transform. */
export const scaleIntensityRange = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.ScaleIntensityRange',
  summary: 'Maps [a_min, a_max] linearly to [b_min, b_max]; `clip` cuts what lies beyond.',
  schema,
  spatial: false,
  inverse: 'none',
  reads: (args) => usesOf(args.field, 'field'),
  writes(args, types) {
    if (args.a_max > args.a_min) return new Map(types);
    return { path: ['a_max'], got: String(args.a_max), expected: `more than a_min, ${args.a_min}` };
  },
  async run(args, { fields, signal }) {
    const factor = (args.b_max - args.b_min) / (args.a_max - args.a_min);
    const offset = args.b_min - args.a_min * factor;
    const bounds = [args.b_min, args.b_max].toSorted((a, b) => a - b) as [number, number];
    const map = { kind: 'scale' as const, factor, offset, ...(args.clip && { clip: bounds }) };
    for (const name of namesOf(args.field)) {
      const field = fields.get(name);
      if (field === undefined) continue;
      await eachChannel(field, (channel) =>
        pointwise({ input: channel, output: channel, map, ...(signal && { signal }) }),
      );
    }
  },
});
