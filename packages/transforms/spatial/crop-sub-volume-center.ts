import { z } from 'zod';
import { perAxis } from '#geometry';
import { shapeOf } from '../field.ts';
import { fieldNames, usesOf } from '../field-names.ts';
import { declareSpatial } from './declare-spatial.ts';
import { sizeOf } from './size.ts';
import { window } from './window.ts';

const schema = z.strictObject({
  fields: fieldNames,
  size: sizeOf('voxels along x, y, z after it'),
});

/** Guide 10.2. Where an odd voxel is left over, it stays behind the crop. */
export const cropSubVolumeCenter = declareSpatial<z.infer<typeof schema>>({
  name: 'transforms.CropSubVolumeCenter',
  summary:
    'Cuts `size` voxels out of the middle; an axis with fewer is padded with 0 on both sides.',
  schema,
  applied: (args) => usesOf(args.fields, 'fields', { axes: 3, hasChannels: true }),
  shapeAfter: (args) => args.size,
  async plan({ size }) {
    return (field) => {
      const shape = shapeOf(field);
      return window(
        perAxis((axis) => Math.floor((shape[axis] - size[axis]) / 2)),
        size,
      );
    };
  },
});
