import { z } from 'zod';
import { pointwise, statistics } from '#kernels';
import { changeVoxels } from '../change-voxels.ts';
import { declareTransform } from '../declaration.ts';
import { fieldNames, namesOf, usesOf } from '../field-names.ts';
import { drawsOf } from '../random-draws.ts';

const schema = z.strictObject({
  field: fieldNames,
  gamma: z
    .tuple([z.number().positive(), z.number().positive()])
    .default([0.5, 2])
    .describe(
      'smallest and largest exponent; it is as often below 1 as above when they are 1/g and g',
    ),
  prob: z.number().min(0).max(1).default(1).describe('of a change at all'),
});

/** Guide 10.2, which gives no range: the exponent is exp(u), u uniform between the logarithms of the two. */
export const adjustContrast = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.AdjustContrast',
  summary:
    'Changes contrast by a gamma that is drawn: ((x - min) / (max - min)) ^ gamma between the lowest and highest value of the field.',
  schema,
  kind: 'intensity',
  isRandom: true,
  reads: (args) => usesOf(args.field, 'field'),
  writes(args, types) {
    const [low, high] = args.gamma;
    if (low <= high) return types;
    return { path: ['gamma'], got: `[${low}, ${high}]`, expected: 'the smaller exponent first' };
  },
  async run({ field: names, gamma: [low, high], prob }, context) {
    const cancel = context.signal === undefined ? {} : { signal: context.signal };
    const draws = drawsOf(context);
    const isDone = draws.chance(prob);
    const exponent = Math.exp(draws.uniform(Math.log(low), Math.log(high)));
    if (!isDone) return;
    for (const name of namesOf(names)) {
      await changeVoxels(name, context, async (input, output) => {
        const { min, max } = await statistics({ input, ...cancel });
        // A flat field has no contrast.
        const flat = { kind: 'scale', factor: 1, offset: 0 } as const;
        const map = min < max ? ({ kind: 'gamma', exponent, low: min, high: max } as const) : flat;
        await pointwise({ input, output, map, ...cancel });
      });
    }
  },
});
