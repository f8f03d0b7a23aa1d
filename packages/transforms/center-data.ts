import { z } from 'zod';
import { pointwise, statistics } from '#kernels';
import { declareTransform } from './declaration.ts';
import { fieldNames, namesOf, usesOf } from './field-names.ts';

const schema = z.strictObject({
  applied_keys: fieldNames,
  subtrahend: z.number().nullish(),
  divisor: z
    .number()
    .refine((value) => value !== 0, { error: 'a number other than 0' })
    .nullish(),
});

/** Guide 10.2; mean and population deviation are of the whole array, all its channels together. */
export const centerData = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.CenterData',
  summary: "Takes `subtrahend` (the array's mean) away and divides by `divisor` (its deviation).",
  schema,
  spatial: false,
  inverse: 'none',
  reads: (args) => usesOf(args.applied_keys, 'applied_keys'),
  writes: (_args, types) => new Map(types),
  async run(args, { fields, signal }) {
    const cancel = signal === undefined ? {} : { signal };
    for (const name of namesOf(args.applied_keys)) {
      const field = fields.get(name);
      if (field === undefined) continue;
      using array = field.storage.slice(0, 0, field.channels);
      const { mean, std } = await statistics({ input: array, ...cancel });
      const subtrahend = args.subtrahend ?? mean;
      // A flat array has no deviation: it becomes 0 everywhere, not NaN.
      const divisor = args.divisor ?? (std === 0 ? 1 : std);
      const inPlace = { input: array, output: array, ...cancel };
      await pointwise({ ...inPlace, map: { kind: 'scale', factor: 1, offset: -subtrahend } });
      await pointwise({ ...inPlace, map: { kind: 'scale', factor: 1 / divisor, offset: 0 } });
    }
  },
});
