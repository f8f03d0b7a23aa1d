import { z } from 'zod';
import { pointwise, statistics } from '#kernels';
import { changeVoxels } from '../change-voxels.ts';
import { declareTransform } from '../declaration.ts';
import { fieldNames, namesOf, usesOf } from '../field-names.ts';

const schema = z.strictObject({
  applied_keys: fieldNames,
  subtrahend: z.number().nullish().describe("what is taken away; without it the array's mean"),
  divisor: z
    .number()
    .refine((value) => value !== 0, { error: 'a number other than 0' })
    .nullish()
    .describe("without it the array's deviation"),
});

/** Guide 10.2; mean and population deviation are of the whole array, all its channels together. */
export const centerData = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.CenterData',
  summary: "Takes `subtrahend` (the array's mean) away and divides by `divisor` (its deviation).",
  schema,
  kind: 'intensity',
  reads: (args) => usesOf(args.applied_keys, 'applied_keys'),
  writes: (_args, types) => types,
  async run(args, context) {
    const cancel = context.signal === undefined ? {} : { signal: context.signal };
    for (const name of namesOf(args.applied_keys)) {
      await changeVoxels(name, context, async (input, output) => {
        const { mean, std } = await statistics({ input, ...cancel });
        const subtrahend = args.subtrahend ?? mean;
        // A flat array has no deviation: it becomes 0 everywhere, not NaN.
        const divisor = args.divisor ?? (std === 0 ? 1 : std);
        const centre = { kind: 'scale', factor: 1, offset: -subtrahend } as const;
        await pointwise({ input, output, map: centre, ...cancel });
        const scale = { kind: 'scale', factor: 1 / divisor, offset: 0 } as const;
        await pointwise({ input: output, output, map: scale, ...cancel });
      });
    }
  },
});
