import { z } from 'zod';
import { pointwise, Tensor } from '#kernels';
import { settleField } from '../change-voxels.ts';
import { declareTransform, withTypes } from '../declaration.ts';
import { fieldOf, shapeOf } from '../field.ts';
import { fieldNames, namesOf, usesOf } from '../field-names.ts';
import { filled } from '../filled.ts';

const schema = z.strictObject({
  fields: fieldNames,
  threshold: z.number().default(0.5).describe('the lowest value that becomes 1'),
});

/** As in later guides of Clara; >=, as `thresh` of a model JSON. */
export const applyThreshold = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.ApplyThreshold',
  summary: 'Makes labels of values: 1 where they are `threshold` or more, else 0, in each channel.',
  schema,
  kind: 'fields',
  reads: (args) => usesOf(args.fields, 'fields'),
  writes: (args, types) =>
    withTypes(types, namesOf(args.fields), (type) => ({ ...type, isLabel: true })),
  async run({ fields: names, threshold: atLeast }, context) {
    const { fields, signal } = context;
    for (const name of namesOf(names)) {
      const field = await settleField(name, context);
      const { channels, hasChannels, axes, place } = field;
      using input = field.storage.slice(0, 0, channels);
      const map = { kind: 'threshold', atLeast } as const;
      const storage = await filled(Tensor.empty('uint8', [channels, ...shapeOf(field)]), (output) =>
        pointwise({ input, output, map, ...(signal && { signal }) }),
      );
      fields.set(name, fieldOf(storage, { hasChannels, axes, place, isLabel: true }));
    }
  },
});
