import { z } from 'zod';
import { declareTransform, withTypes } from '../declaration.ts';
import { fieldName } from '../field-names.ts';
import { bringBack } from './invert.ts';

const schema = z.strictObject({
  field: fieldName.describe('the field to restore'),
  src_field: fieldName.describe('the field that was prepared as it was'),
  is_label: z
    .boolean()
    .optional()
    .describe(
      'by the nearest voxel or linearly; without it labels by the nearest, others linearly',
    ),
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
      ...(args.is_label !== undefined && { isLabel: args.is_label }),
    })),
  async run({ field: name, src_field: reference, is_label: isLabel }, context) {
    const { fields } = context;
    if (isLabel !== undefined) fields.set(name, { ...fields.array(name), isLabel });
    await bringBack(name, { reference, interpolation: undefined }, context);
  },
});
