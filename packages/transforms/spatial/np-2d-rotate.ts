import { z } from 'zod';
import { shapeOf } from '../field.ts';
import { fieldNames, usesOf } from '../field-names.ts';
import { drawsOf } from '../random-draws.ts';
import { declareSpatial } from './declare-spatial.ts';
import { aboutCentre } from './linear-map.ts';

const schema = z.strictObject({
  applied_keys: fieldNames,
  angle: z.number().describe('degrees, against the clock as the picture is seen'),
  random: z.boolean().default(false).describe('by an angle uniform in [-angle, angle) instead'),
});

/** Guide 10.2. The picture keeps its size; its corners go, and what comes in is 0. */
export const np2dRotate = declareSpatial<z.infer<typeof schema>>({
  name: 'transforms.NP2DRotate',
  summary: 'Turns a picture about its middle, linearly; with `random` by an angle that is drawn.',
  schema,
  applied: (args) => usesOf(args.applied_keys, 'applied_keys', { axes: 2 }),
  shapeAfter: (_args, before) => before,
  whenServing: ({ random }) =>
    random ? { path: ['random'], got: 'true', expected: 'false when serving' } : undefined,
  async plan({ angle, random }, context) {
    const degrees = random ? drawsOf(context).uniform(-angle, angle) : angle;
    const radians = (degrees * Math.PI) / 180;
    const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
    // Rows count downwards: the place that turns into (row, column) lies clockwise of it.
    const linear = [cos, sin, 0, -sin, cos, 0, 0, 0, 1];
    return (field) => {
      const shape = shapeOf(field);
      return { shape, toInput: aboutCentre(linear, { from: shape, to: shape, shift: [0, 0, 0] }) };
    };
  },
});
