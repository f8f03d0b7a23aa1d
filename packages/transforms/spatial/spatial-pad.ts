import { z } from 'zod';
import { perAxis } from '#geometry';
import { shapeOf } from '../field.ts';
import { fieldNames, usesOf } from '../field-names.ts';
import { declareSpatial } from './declare-spatial.ts';
import { sizeOf } from './size.ts';
import { window } from './window.ts';

const schema = z.strictObject({
  fields: fieldNames,
  spatial_size: sizeOf('voxels along x, y, z that there are at least'),
  method: z
    .enum(['symmetric', 'end'])
    .default('symmetric')
    .describe('on both sides, where an odd voxel goes behind; or behind alone'),
  value: z.number().default(0).describe('of the new voxels'),
});

/** MONAI's transform of that name. An axis that has as many voxels already stays. */
export const spatialPad = declareSpatial<z.infer<typeof schema>>({
  name: 'transforms.SpatialPad',
  summary: 'Pads each axis to `spatial_size` voxels with `value`; a longer one stays as it is.',
  schema,
  applied: (args) => usesOf(args.fields, 'fields', { axes: 3 }),
  shapeAfter: ({ spatial_size: size }, before) =>
    before && perAxis((axis) => Math.max(before[axis], size[axis])),
  async plan({ spatial_size: size, method, value }) {
    return (field) => {
      const shape = shapeOf(field);
      const after = perAxis((axis) => Math.max(shape[axis], size[axis]));
      const before = (axis: 0 | 1 | 2) => Math.floor((after[axis] - shape[axis]) / 2);
      const low = perAxis((axis) => (method === 'end' ? 0 : 0 - before(axis)));
      return window(low, after, value);
    };
  },
});
