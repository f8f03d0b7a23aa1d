import { z } from 'zod';
import { declareTransform } from './declaration.ts';
import { fieldNames, namesOf, usesOf } from './field-names.ts';

const schema = z.strictObject({ fields: fieldNames });

/** Guide 10.2: "from 3D to 4D numpy array by expanding one channel, if needed". No voxel moves. */
export const volumeTo4dArray = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.VolumeTo4dArray',
  summary: 'Gives a 3D field a channel axis; a 4D one stays as it is.',
  schema,
  spatial: false,
  inverse: 'none',
  reads: (args) => usesOf(args.fields, 'fields'),
  writes(args, types) {
    const after = new Map(types);
    for (const name of namesOf(args.fields)) {
      const type = types.get(name);
      if (type?.rank === 3) after.set(name, { rank: 4, channels: 1 });
    }
    return after;
  },
  async run(args, context) {
    for (const name of namesOf(args.fields)) {
      const field = context.fields.get(name);
      if (field !== undefined) field.rank = 4;
    }
  },
});
