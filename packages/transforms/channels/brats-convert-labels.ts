import { z } from 'zod';
import { pointwise, Tensor } from '#kernels';
import { settleField } from '../change-voxels.ts';
import { declareTransform, withTypes } from '../declaration.ts';
import { fieldOf, shapeOf } from '../field.ts';
import { fieldNames, namesOf, usesOf } from '../field-names.ts';
import { filled } from '../filled.ts';

const schema = z.strictObject({ fields: fieldNames });

/** The labels of each channel: tumor core, whole tumor, enhancing tumor. */
const REGIONS: readonly (readonly number[])[] = [[1, 4], [1, 2, 4], [4]];

/**
 * Guide 10.2. BraTS has 1 for the necrotic and non-enhancing core, 2 for edema, 4 for the enhancing
 * tumor; networks are trained on the three nested regions that the challenge scores.
 */
export const bratsConvertLabels = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.BratsConvertLabels',
  summary:
    'Makes of the BraTS labels 1, 2 and 4 three channels of 0 and 1: tumor core (1 and 4), whole tumor (1, 2 and 4), enhancing tumor (4).',
  schema,
  kind: 'fields',
  reads: (args) => usesOf(args.fields, 'fields', { axes: 3, hasChannels: true }),
  writes: (args, types) =>
    withTypes(types, namesOf(args.fields), (type) => ({
      ...type,
      channels: REGIONS.length,
      isLabel: true,
    })),
  async run(args, context) {
    const { fields, signal } = context;
    for (const name of namesOf(args.fields)) {
      const field = await settleField(name, context);
      using input = field.storage.select(0, 0);
      const storage = await filled(
        Tensor.empty('uint8', [REGIONS.length, ...shapeOf(field)]),
        (memory) => fillRegions(input, memory, signal),
      );
      fields.set(name, fieldOf(storage, { place: field.place, isLabel: true }));
    }
  },
});

/** A channel of 0 and 1 for each of the regions. */
async function fillRegions(
  input: Tensor,
  memory: Tensor,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const [channel, labels] of REGIONS.entries()) {
    const table = Array.from({ length: 256 }, (_, label) => (labels.includes(label) ? 1 : 0));
    using output = memory.select(0, channel);
    await pointwise({ input, output, map: { kind: 'lookup', table }, ...(signal && { signal }) });
  }
}
