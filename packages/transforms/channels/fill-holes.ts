import { z } from 'zod';
import { fillHoles as fill } from '#kernels';
import { labelsIn } from '../byte-labels.ts';
import { declareTransform } from '../declaration.ts';
import { fieldNames, usesOf } from '../field-names.ts';
import { appliedLabels, changeLabels, connectivity } from './change-labels.ts';

const schema = z.strictObject({
  fields: fieldNames,
  applied_labels: appliedLabels(
    'labels whose holes are filled with themselves, one after the other; without it all that are there, in rising order',
  ),
  connectivity,
});

/** MONAI's transform of that name; a hole is what no path of background voxels connects with the outside. */
export const fillHoles = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.FillHoles',
  summary: 'Sets voxels of 0 that a label (0 to 255) encloses to the label.',
  schema,
  kind: 'fields',
  reads: (args) => usesOf(args.fields, 'fields', { axes: 3 }),
  writes: (_args, types) => types,
  run: (args, context) => changeLabels(args, context, fill, labelsIn),
});
