import { z } from 'zod';
import { declareTransform } from '../declaration.ts';
import { fieldOf } from '../field.ts';
import { fieldNames, namesOf, usesOf } from '../field-names.ts';
import { isLabelName } from './label-name.ts';
import { readImage } from './read-image.ts';

const schema = z.strictObject({ fields: fieldNames });

/** As the guide's training configuration (6.1) uses it; the table of 10.2 leaves it out. */
export const loadNumpyFromFilename = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.LoadNumpyFromFilename',
  summary: 'Reads one file for each field: a .nii or .nii.gz as LoadNifty does, but as a 3D array.',
  schema,
  kind: 'load',
  reads: (args) => usesOf(args.fields, 'fields', { kind: 'file' }),
  writes(args, types) {
    const after = new Map(types);
    for (const name of namesOf(args.fields)) {
      after.set(name, {
        ...{ kind: 'array', axes: 3, hasChannels: false, channels: 1 },
        isLabel: isLabelName(name),
      });
    }
    return after;
  },
  async run(args, { fields, signal }) {
    for (const name of namesOf(args.fields)) {
      const [path = ''] = fields.file(name).paths;
      const { storage, place } = await readImage(path, signal);
      fields.set(name, fieldOf(storage, { place, hasChannels: false, isLabel: isLabelName(name) }));
    }
  },
});
