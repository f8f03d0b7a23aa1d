import { z } from 'zod';
import { boxToRoi } from '#geometry';
import { shapeOf } from '../field.ts';
import { fieldNames, usesOf } from '../field-names.ts';
import { LONGEST_AXIS } from '../limits.ts';
import { declareSpatial } from './declare-spatial.ts';

const extent = z.int().min(1).max(LONGEST_AXIS);

const schema = z.strictObject({
  applied_keys: fieldNames,
  output_shape: z.tuple([extent, extent]).describe('rows and columns after it'),
  data_format: z
    .enum(['channels_first', 'channels_last', 'grayscale'])
    .default('channels_first')
    .describe('accepted for old files; pictures have their channels first'),
});

/** Guide 10.2. The outer edges stay: centres are read at (o + 0.5) n / n' - 0.5. */
export const npResizeImage = declareSpatial<z.infer<typeof schema>>({
  name: 'transforms.NPResizeImage',
  summary: 'Resizes a picture to `output_shape`, linearly.',
  schema,
  applied: (args) => usesOf(args.applied_keys, 'applied_keys', { axes: 2 }),
  shapeAfter: ({ output_shape: [rows, columns] }) => [rows, columns, 1],
  async plan({ output_shape: [rows, columns] }) {
    return (field) => ({
      shape: [rows, columns, 1],
      toInput: boxToRoi({ low: [0, 0, 0], high: shapeOf(field) }, [rows, columns, 1]),
    });
  },
});
