import { z } from 'zod';
import { largestComponent } from '#kernels';
import { declareTransform } from '../declaration.ts';
import { fieldNames, usesOf } from '../field-names.ts';
import { appliedLabels, changeLabels, connectivity } from './change-labels.ts';

const schema = z.strictObject({
  fields: fieldNames,
  applied_labels: appliedLabels(
    'labels of which each keeps its largest part; without it all of them are one structure (MONAI would take each label by itself: list them for that)',
  ),
  connectivity,
});

/** MONAI's transform of that name; connectivity as everywhere in Sextant. */
export const keepLargestConnectedComponent = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.KeepLargestConnectedComponent',
  summary: 'Sets all voxels of a label (0 to 255) to 0 but those of its largest connected part.',
  schema,
  kind: 'fields',
  reads: (args) => usesOf(args.fields, 'fields', { axes: 3 }),
  writes: (_args, types) => types,
  run: (args, context) => changeLabels(args, context, largestComponent),
});
