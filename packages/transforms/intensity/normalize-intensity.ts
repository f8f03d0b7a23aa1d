import { z } from 'zod';
import { pointwise } from '#kernels';
import { changeChannels } from '../change-voxels.ts';
import { declareTransform, type RunContext } from '../declaration.ts';
import { fieldNames, namesOf, usesOf } from '../field-names.ts';
import { standardiseChannels } from './standardise-channels.ts';

const schema = z.strictObject({
  fields: fieldNames,
  nonzero: z.boolean().default(false).describe('of the voxels that are not 0 alone; zeros stay'),
  subtrahend: z.number().optional().describe("what is taken away; without it the channel's mean"),
  divisor: z
    .number()
    .positive()
    .optional()
    .describe("without it the channel's deviation; goes with `subtrahend`"),
});

type Args = z.infer<typeof schema>;

/** MONAI's transform of that name, channel-wise; the deviation is the population's. */
export const normalizeIntensity = declareTransform<Args>({
  name: 'transforms.NormalizeIntensity',
  summary:
    'Per channel, takes the mean away and divides by the deviation, its own or those given; of all voxels, or with `nonzero` of those that are not 0.',
  schema,
  kind: 'intensity',
  reads: (args) => usesOf(args.fields, 'fields', { hasChannels: true }),
  writes(args, types) {
    if ((args.subtrahend === undefined) === (args.divisor === undefined)) return types;
    const missing = args.divisor === undefined ? 'divisor' : 'subtrahend';
    const expected = 'subtrahend and divisor together, or neither';
    return { path: [missing], got: 'nothing', expected };
  },
  async run(args, context) {
    const { subtrahend, divisor } = args;
    if (subtrahend === undefined || divisor === undefined) {
      await standardiseChannels(args.fields, context, { skipZeros: args.nonzero });
    } else await byThese(args, { subtrahend, divisor }, context);
  },
});

async function byThese(
  { fields, nonzero: keepZeros }: Args,
  { subtrahend, divisor }: { subtrahend: number; divisor: number },
  context: RunContext,
): Promise<void> {
  const { signal } = context;
  const map = {
    ...{ kind: 'scale' as const, factor: 1 / divisor, offset: -subtrahend / divisor },
    keepZeros,
  };
  for (const name of namesOf(fields)) {
    await changeChannels(
      name,
      context,
      (input, output) => pointwise({ input, output, map, ...(signal && { signal }) }),
      { pointwise: !keepZeros },
    );
  }
}
