import { z } from 'zod';
import { type Field, shapeOf } from '../field.ts';
import { fieldNames, usesOf } from '../field-names.ts';
import { drawsOf } from '../random-draws.ts';
import type { Regrid } from '../regrid.ts';
import { declareSpatial } from './declare-spatial.ts';

const schema = z.strictObject({
  applied_keys: fieldNames,
  probability: z.number().min(0).max(1).default(0.5).describe('of a turn at all'),
});

/** Guide 10.2. As numpy.rot90 over the axes (1, 2) of [channel, x, y, z]. */
export const npRandomRot90Xy = declareSpatial<z.infer<typeof schema>>({
  name: 'transforms.NPRandomRot90_XY',
  summary:
    'With `probability` turns the xy plane by 90, 180 or 270 degrees, each as likely, from x towards y. A view: no voxel changes.',
  schema,
  isRandom: true,
  applied: (args) => usesOf(args.applied_keys, 'applied_keys', { axes: 3, hasChannels: true }),
  shapeAfter: (_args, before) => (before?.[0] === before?.[1] ? before : undefined),
  async plan(args, context) {
    const draws = drawsOf(context);
    const turns = draws.chance(args.probability) ? draws.between(1, 3) : 0;
    return (field) => (turns === 0 ? undefined : quarterTurns(field, turns));
  },
});

/** numpy.rot90(a, turns): turned once, element (x, y) is what was at (y, ny - 1 - x). */
function quarterTurns(field: Field, turns: number): Regrid {
  const [x, y, z] = shapeOf(field);
  if (turns === 1) {
    return { shape: [y, x, z], toInput: [0, 1, 0, 0, -1, 0, 0, y - 1, 0, 0, 1, 0] };
  }
  if (turns === 2) {
    return { shape: [x, y, z], toInput: [-1, 0, 0, x - 1, 0, -1, 0, y - 1, 0, 0, 1, 0] };
  }
  return { shape: [y, x, z], toInput: [0, -1, 0, x - 1, 1, 0, 0, 0, 0, 0, 1, 0] };
}
