import { z } from 'zod';
import { AXES } from '#geometry';
import { fieldNames, usesOf } from '../field-names.ts';
import { drawsOf } from '../random-draws.ts';
import { declareSpatial, flipped } from './declare-spatial.ts';

const schema = z.strictObject({
  applied_keys: fieldNames,
  probability: z.number().min(0).max(1).default(0.5).describe('of a flip along each axis'),
});

/** Guide 10.2. Each axis is drawn for by itself, so that all eight ways round occur. */
export const npRandomFlip3d = declareSpatial<z.infer<typeof schema>>({
  name: 'transforms.NPRandomFlip3D',
  summary:
    'Flips each axis of space with `probability`; all fields the same way. A view: no voxel changes.',
  schema,
  isRandom: true,
  applied: (args) => usesOf(args.applied_keys, 'applied_keys', { axes: 3 }),
  shapeAfter: (_args, before) => before,
  async plan(args, context) {
    const draws = drawsOf(context);
    const axes = AXES.filter(() => draws.chance(args.probability));
    return (field) => (axes.length === 0 ? undefined : flipped(field, axes));
  },
});
