import { z } from 'zod';
import { fieldName } from '../field-names.ts';
import { declareSpatial } from './declare-spatial.ts';
import { millimetresOf } from './millimetres.ts';
import { respaced, respacedShape } from './spacing.ts';

const schema = z.strictObject({
  applied_key: fieldName.describe('the field to resample'),
  resolution: millimetresOf('millimetres of its voxels along x, y, z, whatever its file says'),
  target_resolution: millimetresOf('millimetres of the voxels after it'),
});

/** Guide 10.2. Spacing does the same from what the file says. */
export const resampleVolume = declareSpatial<z.infer<typeof schema>>({
  name: 'transforms.ResampleVolume',
  summary:
    'Resamples voxels of `resolution` to voxels of `target_resolution`: n of s mm become max(1, floor(n s / r + 0.5)) of r mm.',
  schema,
  applied: (args) => [
    {
      ...{ field: args.applied_key, argument: ['applied_key'] },
      wants: { axes: 3, hasChannels: true },
    },
  ],
  shapeAfter: (args, before) =>
    before && respacedShape(before, args.resolution, args.target_resolution),
  async plan(args) {
    return (field) => respaced(field, args.resolution, args.target_resolution);
  },
});
