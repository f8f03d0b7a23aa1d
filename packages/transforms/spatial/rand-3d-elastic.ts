import { z } from 'zod';
import { identityMap, perAxis } from '#geometry';
import { declareTransform } from '../declaration.ts';
import { shapeOf } from '../field.ts';
import { fieldNames, namesOf, usesOf } from '../field-names.ts';
import { drawsOf } from '../random-draws.ts';
import { deformed, drawnControlPoints } from './elastic.ts';

const schema = z.strictObject({
  fields: fieldNames,
  sigma_range: z
    .tuple([z.number().min(2), z.number().min(2)])
    .default([5, 8])
    .describe(
      'smallest and largest width of a bump, voxels: control points lie twice as far apart',
    ),
  magnitude_range: z
    .tuple([z.number().min(0), z.number().min(0)])
    .default([2, 6])
    .describe('smallest and largest reach of a control point along each axis, voxels'),
  prob: z.number().min(0).max(1).default(0.1).describe('of a deformation at all'),
});

/**
 * Named as in MONAI, which smooths noise of every voxel by a Gaussian; here the same arguments say a
 * free-form deformation (Rueckert et al., IEEE TMI 1999), whose bumps have that width.
 */
export const rand3dElastic = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.Rand3DElastic',
  summary:
    'With `prob` deforms by a cubic B-spline through control points that are moved at random, all fields alike; grey values linearly, labels by the nearest voxel, 0 beyond the image.',
  schema,
  kind: 'spatial',
  isRandom: true,
  inverse: 'none',
  reads: (args) => usesOf(args.fields, 'fields', { axes: 3 }),
  oneShape: (args) => namesOf(args.fields),
  writes(args, types) {
    for (const key of ['sigma_range', 'magnitude_range'] as const) {
      const [low, high] = args[key];
      if (low > high)
        return { path: [key], got: `[${low}, ${high}]`, expected: 'the smaller first' };
    }
    return types;
  },
  async run(args, context) {
    const { fields, capacity, signal } = context;
    const names = namesOf(args.fields);
    const draws = drawsOf(context);
    const isDone = draws.chance(args.prob);
    const apart = 2 * draws.uniform(...args.sigma_range);
    const reach = draws.uniform(...args.magnitude_range);
    if (!isDone) return;
    const size = shapeOf(fields.array(names[0] ?? ''));
    const count = perAxis((axis) => Math.max(2, Math.ceil(size[axis] / apart) + 1));
    using points = drawnControlPoints(count, [reach, reach, reach], draws);
    const deformation = { size, toInput: identityMap, points };
    for (const name of names) {
      const how = { capacity: capacity?.get(name), signal };
      fields.set(name, await deformed(fields.array(name), deformation, how));
    }
  },
});
