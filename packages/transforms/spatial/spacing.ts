import { z } from 'zod';
import { perAxis, spacingOf, type Vec3 } from '#geometry';
import { type Field, shapeOf } from '../field.ts';
import { fieldNames, usesOf } from '../field-names.ts';
import { affineOf } from '../place.ts';
import type { Regrid } from '../regrid.ts';
import { declareSpatial } from './declare-spatial.ts';
import { millimetresOf } from './millimetres.ts';
import { interpolationOf, mode, modeFault } from './mode.ts';

const schema = z.strictObject({
  fields: fieldNames,
  pixdim: millimetresOf('millimetres between voxel centres along x, y, z after it'),
  mode,
});

/** MONAI's transform of that name; the grid's lower outer faces stay, as in `sextant dataconvert -r`. */
export const spacing = declareSpatial<z.infer<typeof schema>>({
  name: 'transforms.Spacing',
  summary:
    'Resamples to voxels of `pixdim` millimetres: n voxels of s mm become max(1, floor(n s / r + 0.5)) of r mm.',
  schema,
  applied: (args) => usesOf(args.fields, 'fields', { axes: 3 }),
  shapeAfter: (args) => modeFault(args.fields, args.mode),
  interpolation: (args, index) => interpolationOf(args.mode, index),
  async plan({ pixdim }) {
    return (field) => respaced(field, spacingBefore(field), pixdim);
  },
});

/** Millimetres of a field's voxels; 1 where no file says. */
function spacingBefore({ place }: Field): Vec3 {
  return place === undefined ? [1, 1, 1] : spacingOf(affineOf(place));
}

/** The grid of voxels of `after` mm over that of voxels of `before` mm. */
export function respaced(field: Field, before: Vec3, after: Vec3): Regrid {
  const step = perAxis((axis) => after[axis] / before[axis]);
  const start = perAxis((axis) => 0.5 * step[axis] - 0.5);
  return {
    shape: respacedShape(shapeOf(field), before, after),
    toInput: [step[0], 0, 0, start[0], 0, step[1], 0, start[1], 0, 0, step[2], start[2]],
  };
}

/** How many voxels of `after` mm lie in as many of `before` mm. */
export function respacedShape(shape: Vec3, before: Vec3, after: Vec3): Vec3 {
  return perAxis((axis) =>
    Math.max(1, Math.floor(shape[axis] / (after[axis] / before[axis]) + 0.5)),
  );
}
