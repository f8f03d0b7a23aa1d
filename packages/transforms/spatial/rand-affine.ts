import { z } from 'zod';
import { perAxis, type Vec3 } from '#geometry';
import { type Field, shapeOf } from '../field.ts';
import { fieldNames, namesOf, usesOf } from '../field-names.ts';
import { drawsOf, type RandomDraws } from '../random-draws.ts';
import type { Regrid } from '../regrid.ts';
import { declareSpatial } from './declare-spatial.ts';
import { aboutCentre, millimetreAxes, rotation, scaling } from './linear-map.ts';
import { interpolationOf, mode, modeFault } from './mode.ts';
import { sizeOf } from './size.ts';

const ranges = z.tuple([z.number().min(0), z.number().min(0), z.number().min(0)]);

const schema = z.strictObject({
  fields: fieldNames,
  prob: z.number().min(0).max(1).default(0.1).describe('of a transform at all'),
  rotate_range: ranges.default([0, 0, 0]).describe('largest turn about x, y, z, radians'),
  scale_range: ranges
    .default([0, 0, 0])
    .refine((values) => values.every((value) => value < 1), { error: 'numbers below 1' })
    .describe('largest part by which x, y, z become larger or smaller'),
  translate_range: ranges.default([0, 0, 0]).describe('largest shift along x, y, z, voxels'),
  spatial_size: sizeOf('voxels along x, y, z after it, around the middle').optional(),
  mode,
});

type Args = z.infer<typeof schema>;

/** MONAI's transform of that name, about the middle of the image; it turns in millimetres, so that no anisotropic image is sheared. */
export const randAffine = declareSpatial<Args>({
  name: 'transforms.RandAffine',
  summary:
    'With `prob` turns, scales and shifts by amounts uniform within their ranges, all fields alike; one interpolation, 0 beyond the image.',
  schema,
  isRandom: true,
  applied: (args) => usesOf(args.fields, 'fields', { axes: 3 }),
  oneShape: (args) => namesOf(args.fields),
  shapeAfter: (args, before) => modeFault(args.fields, args.mode) ?? args.spatial_size ?? before,
  interpolation: (args, index) => interpolationOf(args.mode, index),
  async plan(args, context) {
    const draws = drawsOf(context);
    const isDone = draws.chance(args.prob);
    const [first = ''] = namesOf(args.fields);
    // As it is before any of the fields has moved.
    const reference = context.fields.array(first);
    const drawn = drawnMap(args, draws);
    return (field) => {
      const size = args.spatial_size ?? shapeOf(field);
      return isDone ? moved(reference, drawn, size) : centred(field, size);
    };
  },
});

interface Drawn {
  readonly angles: Vec3;
  readonly factors: Vec3;
  readonly shift: Vec3;
}

/** Always as many draws, whatever happens, so that a range of 0 changes no other number. */
function drawnMap(args: Args, draws: RandomDraws): Drawn {
  const within = (range: Vec3) => perAxis((axis) => draws.uniform(-range[axis], range[axis]));
  const angles = within(args.rotate_range);
  const scales = within(args.scale_range);
  return {
    angles,
    factors: perAxis((axis) => 1 + scales[axis]),
    shift: within(args.translate_range),
  };
}

function moved(reference: Field, { angles, factors, shift }: Drawn, size: Vec3): Regrid {
  const axes = millimetreAxes(reference);
  const linear = axes.inVoxels(rotation(angles), scaling(factors));
  return {
    shape: size,
    toInput: aboutCentre(linear, { from: shapeOf(reference), to: size, shift }),
  };
}

function centred(field: Field, size: Vec3): Regrid | undefined {
  const shape = shapeOf(field);
  if (shape.every((extent, axis) => extent === size[axis])) return undefined;
  const linear = [1, 0, 0, 0, 1, 0, 0, 0, 1];
  // A crop of whole voxels: the middle is moved by half a voxel where it has to be.
  const toInput = aboutCentre(linear, { from: shape, to: size, shift: [0, 0, 0] });
  return { shape: size, toInput: toInput.map(Math.floor) };
}
