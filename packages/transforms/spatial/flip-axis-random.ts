import { z } from 'zod';
import { areDistinct } from '../distinct.ts';
import { fieldNames, usesOf } from '../field-names.ts';
import { drawsOf } from '../random-draws.ts';
import { declareSpatial, flipped } from './declare-spatial.ts';

const schema = z.strictObject({
  fields: fieldNames,
  axis: z
    .array(z.int().min(0).max(2))
    .min(1)
    .max(3)
    .refine(areDistinct, { error: 'each axis once' })
    .describe('axes of space that may be flipped: 0, 1, 2 for x, y, z'),
  probability: z.number().min(0).max(1).default(0.5).describe('of a flip along each of them'),
});

/** Guide 10.2; MONAI's RandAxisFlip flips one axis, this one each for itself. */
export const flipAxisRandom = declareSpatial<z.infer<typeof schema>>({
  name: 'transforms.FlipAxisRandom',
  summary:
    'Flips each of the axes listed with `probability`; all fields the same way. A view: no voxel changes.',
  schema,
  isRandom: true,
  applied: (args) => usesOf(args.fields, 'fields', { axes: 3 }),
  shapeAfter: (_args, before) => before,
  async plan(args, context) {
    const draws = drawsOf(context);
    const axes = args.axis.filter(() => draws.chance(args.probability));
    return (field) => (axes.length === 0 ? undefined : flipped(field, axes));
  },
});
