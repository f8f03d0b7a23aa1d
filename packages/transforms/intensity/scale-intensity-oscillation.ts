import { z } from 'zod';
import { pointwise, type Tensor } from '#kernels';
import { changeVoxels } from '../change-voxels.ts';
import { declareTransform } from '../declaration.ts';
import { fieldNames, namesOf, usesOf } from '../field-names.ts';
import { drawsOf } from '../random-draws.ts';

const schema = z.strictObject({
  field: fieldNames,
  magnitude: z.number().positive().describe('largest shift, in the units of the values'),
});

/** Guide 10.2: "data with an offset on intensity scale". */
export const scaleIntensityOscillation = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.ScaleIntensityOscillation',
  summary:
    'Adds one offset to all voxels, uniform in [-magnitude, magnitude); the fields of a list get the same one.',
  schema,
  kind: 'intensity',
  isRandom: true,
  reads: (args) => usesOf(args.field, 'field'),
  writes: (_args, types) => types,
  async run(args, context) {
    const { signal } = context;
    const offset = drawsOf(context).uniform(-args.magnitude, args.magnitude);
    const map = { kind: 'scale', factor: 1, offset } as const;
    for (const name of namesOf(args.field)) {
      const change = (input: Tensor, output: Tensor) =>
        pointwise({ input, output, map, ...(signal && { signal }) });
      await changeVoxels(name, context, change, { pointwise: true });
    }
  },
});
