import { z } from 'zod';
import { perAxis } from '#geometry';
import { shapeOf } from '../field.ts';
import { fieldNames, namesOf, usesOf } from '../field-names.ts';
import { drawsOf } from '../random-draws.ts';
import { declareSpatial } from './declare-spatial.ts';
import { sizeOf } from './size.ts';
import { window } from './window.ts';

const schema = z.strictObject({
  fields: fieldNames,
  size: sizeOf('voxels along x, y, z after it'),
});

/** Guide 10.2. */
export const cropSubVolumeRandomWithinBounds = declareSpatial<z.infer<typeof schema>>({
  name: 'transforms.CropSubVolumeRandomWithinBounds',
  summary:
    'Cuts `size` voxels out at a place that is drawn, every one inside the image as likely; an axis with fewer is padded with 0 on both sides.',
  schema,
  isRandom: true,
  applied: (args) => usesOf(args.fields, 'fields', { axes: 3, hasChannels: true }),
  oneShape: (args) => namesOf(args.fields),
  shapeAfter: (args) => args.size,
  async plan({ fields: names, size }, context) {
    const draws = drawsOf(context);
    const [first = ''] = namesOf(names);
    const shape = shapeOf(context.fields.array(first));
    const low = perAxis((axis) => {
      const room = shape[axis] - size[axis];
      return room < 0 ? Math.floor(room / 2) : draws.between(0, room);
    });
    return () => window(low, size);
  },
});
