import { z } from 'zod';
import { BIAS_TERMS, indexedMap } from '#kernels';
import { changeChannels } from '../change-voxels.ts';
import { declareTransform } from '../declaration.ts';
import { fieldNames, namesOf, usesOf } from '../field-names.ts';
import { drawsOf } from '../random-draws.ts';

const schema = z.strictObject({
  fields: fieldNames,
  coeff_range: z
    .tuple([z.number(), z.number()])
    .default([0, 0.1])
    .describe('smallest and largest coefficient'),
  prob: z.number().min(0).max(1).default(0.1).describe('of a field at all'),
});

/** MONAI's transform of that name at its degree, 3; all channels have one field. */
export const randBiasField = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.RandBiasField',
  summary:
    'With `prob` multiplies by a smooth field, as coils of an MR scanner leave one: the exponential of a sum of products of Legendre polynomials of degree 3 or less, whose coefficients are drawn.',
  schema,
  kind: 'intensity',
  isRandom: true,
  reads: (args) => usesOf(args.fields, 'fields', { axes: 3 }),
  writes({ coeff_range: [low, high] }, types) {
    if (low <= high) return types;
    return { path: ['coeff_range'], got: `[${low}, ${high}]`, expected: 'the smaller first' };
  },
  async run(args, context) {
    const { signal } = context;
    const draws = drawsOf(context);
    const isDone = draws.chance(args.prob);
    const coefficients = Array.from({ length: BIAS_TERMS }, () =>
      draws.uniform(...args.coeff_range),
    );
    if (!isDone) return;
    const map = { kind: 'bias', coefficients } as const;
    for (const name of namesOf(args.fields)) {
      await changeChannels(name, context, (input, output) =>
        indexedMap({ input, output, map, ...(signal && { signal }) }),
      );
    }
  },
});
