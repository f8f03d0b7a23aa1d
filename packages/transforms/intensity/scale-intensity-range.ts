import { z } from 'zod';
import { pointwise, type Tensor } from '#kernels';
import { changeVoxels } from '../change-voxels.ts';
import { declareTransform } from '../declaration.ts';
import { fieldNames, namesOf, usesOf } from '../field-names.ts';

const schema = z.strictObject({
  field: fieldNames,
  a_min: z.number().describe('value that becomes b_min'),
  a_max: z.number().describe('value that becomes b_max'),
  b_min: z.number().describe('lower end of the new range'),
  b_max: z.number().describe('upper end of the new range'),
  clip: z.boolean().default(false).describe('cut what lies beyond the new range'),
});

/** With the arguments of the guide's configurations (6.1); its table describes another transform. */
export const scaleIntensityRange = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.ScaleIntensityRange',
  summary:
    "Maps [a_min, a_max] linearly to [b_min, b_max]; `clip` cuts what lies beyond. (The guide's table describes a random shift under this name; its configurations mean this, and they hold.)",
  schema,
  kind: 'intensity',
  reads: (args) => usesOf(args.field, 'field'),
  writes(args, types) {
    if (args.a_max > args.a_min) return types;
    return { path: ['a_max'], got: String(args.a_max), expected: `more than a_min, ${args.a_min}` };
  },
  async run(args, context) {
    const { signal } = context;
    const factor = (args.b_max - args.b_min) / (args.a_max - args.a_min);
    const offset = args.b_min - args.a_min * factor;
    const bounds = [args.b_min, args.b_max].toSorted((a, b) => a - b) as [number, number];
    const map = { kind: 'scale' as const, factor, offset, ...(args.clip && { clip: bounds }) };
    for (const name of namesOf(args.field)) {
      const change = (input: Tensor, output: Tensor) =>
        pointwise({ input, output, map, ...(signal && { signal }) });
      await changeVoxels(name, context, change, { pointwise: true });
    }
  },
});
