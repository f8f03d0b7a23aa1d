import { z } from 'zod';
import { declareTransform, withTypes } from '../declaration.ts';
import { fieldNames, namesOf, usesOf } from '../field-names.ts';

const schema = z.strictObject({
  applied_keys: fieldNames,
  expand_axis: z
    .literal(0, { error: '0: the only axis that a field can lack is that of its channels' })
    .default(0)
    .describe('place of the new axis'),
});

/** Guide 10.2. */
export const npExpandDims = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.NPExpandDims',
  summary: 'Gives a volume or picture without channels an axis of one channel.',
  schema,
  kind: 'fields',
  reads: (args) => usesOf(args.applied_keys, 'applied_keys', { hasChannels: false }),
  writes: (args, types) =>
    withTypes(types, namesOf(args.applied_keys), (type) => ({ ...type, hasChannels: true })),
  async run(args, { fields }) {
    for (const name of namesOf(args.applied_keys)) {
      fields.set(name, { ...fields.array(name), hasChannels: true });
    }
  },
});
