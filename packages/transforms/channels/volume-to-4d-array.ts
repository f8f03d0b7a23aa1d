import { z } from 'zod';
import { declareTransform, withTypes } from '../declaration.ts';
import { fieldNames, namesOf, usesOf } from '../field-names.ts';

const schema = z.strictObject({ fields: fieldNames });

/** Guide 10.2: "from 3D to 4D numpy array by expanding one channel, if needed". No voxel moves. */
export const volumeTo4dArray = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.VolumeTo4dArray',
  summary: 'Gives a 3D field a channel axis; a 4D one stays as it is.',
  schema,
  kind: 'fields',
  reads: (args) =>
    usesOf(args.fields, 'fields').map((use) => ({ ...use, orPoints: use.field === 'label' })),
  writes: (args, types) =>
    withTypes(types, namesOf(args.fields), (type) => ({ ...type, hasChannels: true })),
  async run(args, { fields }) {
    for (const name of namesOf(args.fields)) {
      // When serving, points stand for the label.
      if (fields.has(name)) fields.set(name, { ...fields.array(name), hasChannels: true });
    }
  },
});
