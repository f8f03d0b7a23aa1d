import { z } from 'zod';
import { type Box, boxShape, boxToRoi, perAxis, type Vec3 } from '#geometry';
import { declareTransform, type RunContext, withTypes } from '../declaration.ts';
import { type Field, fieldOf, shapeOf } from '../field.ts';
import { fieldName } from '../field-names.ts';
import { foregroundOf, foregroundOfOne } from '../points/foreground.ts';
import { faultOfPoints, pointsOnGrid } from '../points/points-on-grid.ts';
import { type RegridOptions, regridField } from '../regrid.ts';
import { sizeOf } from './size.ts';
import { window } from './window.ts';

const schema = z.strictObject({
  size: sizeOf('voxels along x, y, z after it'),
  image_field: fieldName.describe('the image'),
  label_field: fieldName.describe('the label whose foreground says where'),
  pad: z
    .int()
    .min(0)
    .default(0)
    .describe('voxels of margin around the object, as far as the image goes'),
  foreground_only: z
    .boolean()
    .default(true)
    .describe('all labels are one object; false: one of those that are there, drawn at random'),
});

type Args = z.infer<typeof schema>;

/**
 * Guide 10.2. The box of the foreground with its margin is resampled to `size` (its outer faces lie
 * on those of the new grid); the label becomes 1 in the object and 0 elsewhere. Without a label, the
 * box of the points that stand for it.
 */
export const cropForegroundObject = declareTransform<Args>({
  name: 'transforms.CropForegroundObject',
  summary:
    'Crops image and label to the box of the foreground plus `pad`, and resizes both to `size`: the image linearly, the label, 0 or 1 afterwards, by the nearest voxel.',
  schema,
  kind: 'spatial',
  whenServing: ({ foreground_only: all }) =>
    all ? undefined : { path: ['foreground_only'], got: 'false', expected: 'true when serving' },
  inverse: 'affine',
  reads: (args) => [
    { field: args.image_field, argument: ['image_field'], wants: { axes: 3, hasChannels: true } },
    {
      ...{ field: args.label_field, argument: ['label_field'], orPoints: true },
      wants: { axes: 3, hasChannels: true },
    },
  ],
  oneShape: (args) => [args.image_field, args.label_field],
  writes(args, types) {
    const fault = faultOfPoints(types, args);
    if (fault !== undefined) return fault;
    const shape = args.size;
    const cropped = withTypes(types, [args.image_field], (type) => ({ ...type, shape }));
    const object = { shape, channels: 1, isLabel: true };
    return withTypes(cropped, [args.label_field], (type) => ({ ...type, ...object }));
  },
  async run(args, context) {
    const { fields, capacity, fuse, signal } = context;
    if (!fields.has(args.label_field)) return await cropToPoints(args, context);
    const label = fields.array(args.label_field);
    const found = args.foreground_only ? foregroundOf : foregroundOfOne;
    const { mask, box } = await found(args.label_field, context);
    using storage = mask.reshape([1, ...mask.shape]);
    mask.dispose();
    const padded = paddedBox(box, shapeOf(label), args.pad);
    const one = { channels: 1, isLabel: true, isShared: false };
    const object = fieldOf(storage, { ...fields.array(args.label_field), ...one });
    fields.set(args.label_field, await cropped(object, padded, args.size, { signal }));
    const image = fields.array(args.image_field);
    const room = { capacity: capacity?.get(args.image_field) };
    const how = { ...room, fuse, signal };
    fields.set(args.image_field, await cropped(image, padded, args.size, how));
  },
});

async function cropToPoints(args: Args, context: RunContext): Promise<void> {
  const { fields, capacity, fuse, signal, points = [] } = context;
  const image = fields.array(args.image_field);
  const on = pointsOnGrid(points, args.image_field, fields);
  const shape = shapeOf(image);
  const along = (axis: 0 | 1 | 2) => on.map((point) => point[axis]);
  const box: Box = {
    low: perAxis((axis) => Math.max(0, Math.floor(Math.min(...along(axis)) + 0.5))),
    high: perAxis((axis) => Math.min(shape[axis], Math.floor(Math.max(...along(axis)) + 0.5) + 1)),
  };
  const room = { capacity: capacity?.get(args.image_field) };
  const padded = paddedBox(box, shape, args.pad);
  const how = { ...room, fuse, signal };
  fields.set(args.image_field, await cropped(image, padded, args.size, how));
}

function paddedBox({ low, high }: Box, shape: Vec3, pad: number): Box {
  return {
    low: perAxis((axis) => Math.max(0, low[axis] - pad)),
    high: perAxis((axis) => Math.min(shape[axis], high[axis] + pad)),
  };
}

/** First the crop, a view, then the resize: no voxel beyond the box has a part in the result. */
async function cropped(field: Field, box: Box, size: Vec3, options: RegridOptions): Promise<Field> {
  const extent = boxShape(box);
  const crop = await regridField(field, window(box.low, extent), options);
  try {
    const whole = { low: [0, 0, 0] as const, high: extent };
    return await regridField(crop, { shape: size, toInput: boxToRoi(whole, size) }, options);
  } finally {
    crop.storage.dispose();
  }
}
