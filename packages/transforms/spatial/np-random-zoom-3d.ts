import { z } from 'zod';
import { boxToRoi, perAxis, type Vec3 } from '#geometry';
import { shapeOf } from '../field.ts';
import { fieldNames, usesOf } from '../field-names.ts';
import { drawsOf } from '../random-draws.ts';
import type { Regrid } from '../regrid.ts';
import { declareSpatial } from './declare-spatial.ts';

/** A voxel of a hundred, a hundred of a voxel: what lies beyond is a slip of the pen. */
const factor = z.number().min(0.01).max(100);
const limits = z.tuple([factor, factor, factor]);

const schema = z.strictObject({
  applied_keys: fieldNames,
  lower_limits: limits.describe('smallest zoom along x, y, z'),
  upper_limits: limits.describe('largest zoom along x, y, z'),
  data_format: z
    .enum(['channels_first', 'channels_last'])
    .default('channels_first')
    .describe('accepted for old files; fields have their channels first'),
  use_gpu: z.boolean().default(false).describe('accepted for old files; the device decides'),
  keep_size: z
    .boolean()
    .default(false)
    .describe('keep the number of voxels: the middle is cut out, or padded with 0'),
});

/**
 * Guide 10.2. Zoomed by f, an axis of n voxels has n' = max(1, floor(n * f + 0.5)), whose centres are
 * read at (o + 0.5) * n / n' - 0.5: the outer faces stay, as in scipy.ndimage.zoom with grid_mode.
 */
export const npRandomZoom3d = declareSpatial<z.infer<typeof schema>>({
  name: 'transforms.NPRandomZoom3D',
  summary:
    'Zooms each axis by a factor of its own, uniform between its limits: grey values linearly, labels by the nearest voxel.',
  schema,
  isRandom: true,
  applied: (args) => usesOf(args.applied_keys, 'applied_keys', { axes: 3 }),
  shapeAfter(args, before) {
    const wrong = args.lower_limits.findIndex((low, axis) => low > (args.upper_limits[axis] ?? 0));
    if (wrong < 0) return args.keep_size ? before : shapeOfAll(args, before);
    const [low, high] = [args.lower_limits[wrong], args.upper_limits[wrong]];
    return {
      path: ['upper_limits', wrong],
      got: String(high),
      expected: `lower_limits, ${low}, or more`,
    };
  },
  async plan(args, context) {
    const draws = drawsOf(context);
    const zoom = perAxis((axis) => draws.uniform(args.lower_limits[axis], args.upper_limits[axis]));
    return (field) => zoomed(shapeOf(field), zoom, args.keep_size);
  },
});

/** The shape after every zoom that may be drawn, where they all have one. */
function shapeOfAll(
  { lower_limits: lower, upper_limits: upper }: z.infer<typeof schema>,
  before: Vec3 | undefined,
): Vec3 | undefined {
  if (before === undefined) return undefined;
  const [least, most] = [zoomedShape(before, lower), zoomedShape(before, upper)];
  return least.every((extent, axis) => extent === most[axis]) ? most : undefined;
}

function zoomedShape(before: Vec3, zoom: Vec3): Vec3 {
  return perAxis((axis) => Math.max(1, Math.floor(before[axis] * zoom[axis] + 0.5)));
}

function zoomed(before: Vec3, zoom: Vec3, keepSize: boolean): Regrid {
  const after = zoomedShape(before, zoom);
  const toInput = [...boxToRoi({ low: [0, 0, 0], high: before }, after)];
  if (!keepSize) return { shape: after, toInput };
  for (const axis of [0, 1, 2] as const) {
    const cut = Math.floor((after[axis] - before[axis]) / 2);
    toInput[axis * 4 + 3] = (toInput[axis * 4 + 3] ?? 0) + (toInput[axis * 5] ?? 0) * cut;
  }
  return { shape: before, toInput };
}
