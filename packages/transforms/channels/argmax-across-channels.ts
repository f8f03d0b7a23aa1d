import { z } from 'zod';
import { argmax, Tensor } from '#kernels';
import { settleField } from '../change-voxels.ts';
import { declareTransform, withTypes } from '../declaration.ts';
import { fieldOf, shapeOf } from '../field.ts';
import { fieldNames, namesOf, usesOf } from '../field-names.ts';
import { filled } from '../filled.ts';
import { MOST_LABELS } from '../limits.ts';

const schema = z.strictObject({ fields: fieldNames });

/** As in later guides of Clara. */
export const argmaxAcrossChannels = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.ArgmaxAcrossChannels',
  summary:
    'Makes labels of probabilities: at each voxel the number of the channel with the highest value, the first of equals.',
  schema,
  kind: 'fields',
  reads: (args) => usesOf(args.fields, 'fields', { axes: 3, hasChannels: true }),
  writes(args, types) {
    for (const { field, argument } of usesOf(args.fields, 'fields')) {
      const type = types.get(field);
      const channels = type?.kind === 'array' ? (type.channels ?? 1) : 1;
      if (channels <= MOST_LABELS) continue;
      return {
        path: argument,
        got: `${channels} channels`,
        expected: `at most ${MOST_LABELS}, the labels of a byte, for transforms.ArgmaxAcrossChannels`,
        remedy: 'take the channels that matter with transforms.SplitAcrossChannels first',
      };
    }
    const names = namesOf(args.fields);
    return withTypes(types, names, (type) => ({ ...type, channels: 1, isLabel: true }));
  },
  async run(args, context) {
    const { fields, signal } = context;
    for (const name of namesOf(args.fields)) {
      const field = await settleField(name, context);
      using used = field.storage.slice(0, 0, field.channels);
      const storage = await filled(
        Tensor.empty('uint8', [1, ...shapeOf(field)]),
        async (memory) => {
          using output = memory.select(0, 0);
          await argmax({ input: used, output, ...(signal && { signal }) });
        },
      );
      const { place } = field;
      fields.set(name, fieldOf(storage, { place, isLabel: true }));
    }
  },
});
