import { z } from 'zod';
import { declareTransform } from '../declaration.ts';
import { shapeOf } from '../field.ts';
import { fieldName } from '../field-names.ts';

const schema = z.strictObject({ applied_key: fieldName.describe('the loaded image') });

/** Guide 10.2. */
export const load3dShapeFromNumpy = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.Load3DShapeFromNumpy',
  summary: 'Makes a field `applied_key` + "_shape" of the number of voxels along x, y, z.',
  schema,
  kind: 'fields',
  reads: (args) => [{ field: args.applied_key, argument: ['applied_key'], wants: { axes: 3 } }],
  writes: (args, types) => new Map(types).set(`${args.applied_key}_shape`, { kind: 'numbers' }),
  async run({ applied_key: key }, { fields }) {
    fields.set(`${key}_shape`, { kind: 'numbers', numbers: shapeOf(fields.array(key)) });
  },
});
