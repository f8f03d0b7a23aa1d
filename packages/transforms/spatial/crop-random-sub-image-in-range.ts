import { z } from 'zod';
import type { Vec3 } from '#geometry';
import { shapeOf } from '../field.ts';
import { drawsOf, type RandomDraws } from '../random-draws.ts';
import { declareSpatial } from './declare-spatial.ts';
import { window } from './window.ts';

const schema = z.strictObject({
  lower_size: z
    .number()
    .positive()
    .refine((size) => size < 1 || Number.isInteger(size), {
      error: 'a whole number of pixels, or a part below 1',
    })
    .describe('smallest rows and columns: pixels, or below 1 a part of the picture'),
  max_displacement: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('largest shift from the middle, as a part of the room that the crop leaves'),
  keep_aspect: z.boolean().default(true).describe('rows to columns stay as they are'),
});

type Args = z.infer<typeof schema>;

/** Guide 10.2. The size is uniform between `lower_size` and the picture's; so is the shift. */
export const cropRandomSubImageInRange = declareSpatial<Args>({
  name: 'transforms.CropRandomSubImageInRange',
  summary: 'Cuts a part of a size and at a place that are drawn out of the picture "image".',
  schema,
  isRandom: true,
  applied: () => [{ field: 'image', argument: ['name'], wants: { axes: 2 } }],
  shapeAfter: () => undefined,
  async plan(args, context) {
    const draws = drawsOf(context);
    return (field) => {
      const shape = shapeOf(field);
      const size = drawnSize(args, shape, draws);
      const low = (axis: 0 | 1) => {
        const room = (shape[axis] - size[axis]) / 2;
        const reach = room * args.max_displacement;
        const moved = Math.round(room + draws.uniform(-reach, reach));
        return Math.min(Math.max(moved, 0), shape[axis] - size[axis]);
      };
      return window([low(0), low(1), 0], size);
    };
  },
});

function drawnSize(
  { lower_size: lower, keep_aspect: keeps }: Args,
  shape: Vec3,
  draws: RandomDraws,
): Vec3 {
  const least = (axis: 0 | 1) => Math.min(1, lower < 1 ? lower : lower / shape[axis]);
  // The larger part of the two, so that neither side comes below the lower size.
  const both = draws.uniform(Math.max(least(0), least(1)), 1);
  const part = (axis: 0 | 1) => (keeps ? both : draws.uniform(least(axis), 1));
  const side = (axis: 0 | 1) => Math.max(1, Math.round(shape[axis] * part(axis)));
  return [side(0), side(1), 1];
}
