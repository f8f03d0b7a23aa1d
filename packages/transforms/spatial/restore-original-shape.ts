import { z } from 'zod';
import { declareTransform, withTypes } from '../declaration.ts';
import { bringBack } from './invert.ts';

const schema = z.strictObject({
  field: z.string().min(1).describe('the field to restore'),
  src_field: z.string().min(1).describe('the field that was prepared as it was'),
  is_label: z.boolean().default(false).describe('by the nearest voxel; otherwise linearly'),
});

/** As in later guides of Clara; there it only resized, here crops, flips and turns are undone too. */
export const restoreOriginalShape = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.RestoreOriginalShape',
  summary: 'Does for one field what Invert does.',
  schema,
  kind: 'spatial',
  inverse: 'affine',
  reads: (args) => [
    { field: args.field, argument: ['field'], wants: { axes: 3, isUndeformed: true } },
    { field: args.src_field, argument: ['src_field'], wants: { axes: 3 } },
  ],
  writes: (args, types) =>
    withTypes(types, [args.field], (type) => ({
      ...type,
      shape: undefined,
      isLabel: args.is_label,
    })),
  run: (args, context) =>
    bringBack(
      args.field,
      { reference: args.src_field, interpolation: args.is_label ? 'nearest' : 'linear' },
      context,
    ),
});
