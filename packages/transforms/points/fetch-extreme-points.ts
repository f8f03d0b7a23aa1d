import { z } from 'zod';
import { declareTransform } from '../declaration.ts';
import { fieldName } from '../field-names.ts';
import { extremeVoxels } from './extreme-voxels.ts';
import { foregroundOf } from './foreground.ts';

const schema = z.strictObject({
  label_field: fieldName.describe('the label'),
  points: fieldName.default('points').describe('name of the new field'),
});

/** As in later guides of Clara. */
export const fetchExtremePoints = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.FetchExtremePoints',
  summary:
    "Makes a list of the label's six extreme points, x y z each, as voxels of the grid that the label is on: lowest and highest along x, y and z, the most central of those that are outermost.",
  schema,
  kind: 'fields',
  reads: (args) => [{ field: args.label_field, argument: ['label_field'], wants: { axes: 3 } }],
  writes: (args, types) => new Map(types).set(args.points, { kind: 'numbers' }),
  async run(args, context) {
    const { mask, runs } = await foregroundOf(args.label_field, context);
    mask.dispose();
    const numbers = extremeVoxels(runs).flat();
    context.fields.set(args.points, { kind: 'numbers', numbers });
  },
});
