import { z } from 'zod';
import { type Connectivity, largestComponent, move } from '#kernels';
import { changeChannels } from '../change-voxels.ts';
import { declareTransform } from '../declaration.ts';
import { fieldNames, namesOf, usesOf } from '../field-names.ts';

const schema = z.strictObject({
  fields: fieldNames,
  applied_labels: z
    .array(z.int().min(1).max(255))
    .min(1)
    .optional()
    .describe(
      'labels of which each keeps its largest part; without it all of them are one structure',
    ),
  connectivity: z
    .union([z.literal(6), z.literal(18), z.literal(26)])
    .default(6)
    .describe('voxels touch by a face (6), also by an edge (18), also by a corner (26)'),
});

/** MONAI's transform of that name; connectivity as everywhere in Sextant. */
export const keepLargestConnectedComponent = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.KeepLargestConnectedComponent',
  summary: 'Sets all voxels of a label (0 to 255) to 0 but those of its largest connected part.',
  schema,
  kind: 'fields',
  reads: (args) => usesOf(args.fields, 'fields', { axes: 3 }),
  writes: (_args, types) => types,
  async run(args, context) {
    const cancel = context.signal === undefined ? {} : { signal: context.signal };
    const connectivity: Connectivity = args.connectivity;
    for (const name of namesOf(args.fields)) {
      await changeChannels(
        name,
        context,
        async (input, mask) => {
          if (input !== mask) await move({ input, output: mask, ...cancel });
          for (const label of args.applied_labels ?? [undefined]) {
            const which = label === undefined ? {} : { label };
            await largestComponent({ mask, connectivity, ...which, ...cancel });
          }
        },
        { dtype: 'uint8' },
      );
    }
  },
});
