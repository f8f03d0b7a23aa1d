import { z } from 'zod';
import { declareTransform, type RunContext } from '../declaration.ts';
import { type Field, fieldOf } from '../field.ts';
import { fieldNames, namesOf, usesOf } from '../field-names.ts';
import { wholeImage } from '../place.ts';
import { isLabelName } from './label-name.ts';
import { severalFiles } from './one-file.ts';
import { readNpy } from './read-npy.ts';
import { notThreeD, readVolume } from './read-volume.ts';

const schema = z.strictObject({ fields: fieldNames });

/** As the guide's training configuration (6.1) uses it; the table of 10.2 leaves it out. */
export const loadNumpyFromFilename = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.LoadNumpyFromFilename',
  summary:
    'Reads one file for each field as a 3D array: a .nii or .nii.gz turned to the closest RAS orientation, or a .npy [x, y, z] as it is.',
  schema,
  kind: 'load',
  reads: (args) => usesOf(args.fields, 'fields', { kind: 'file' }),
  writes(args, types) {
    const fault = severalFiles(usesOf(args.fields, 'fields'), types);
    if (fault !== undefined) return fault;
    const after = new Map(types);
    for (const name of namesOf(args.fields)) {
      after.set(name, {
        ...{ kind: 'array', axes: 3, hasChannels: false, channels: 1 },
        isLabel: isLabelName(name),
      });
    }
    return after;
  },
  async run(args, context) {
    for (const name of namesOf(args.fields)) {
      context.fields.set(name, await loaded(name, context));
    }
  },
});

async function loaded(name: string, { fields, signal }: RunContext): Promise<Field> {
  const [path = ''] = fields.file(name).paths;
  const facts = { hasChannels: false, isLabel: isLabelName(name) };
  if (!/\.npy$/i.test(path)) {
    const { storage, place } = await readVolume(path, signal);
    return fieldOf(storage, { ...facts, place });
  }
  using array = await readNpy(path);
  const [x = 1, y = 1, z = 1] = array.shape;
  if (array.shape.length !== 3) throw notThreeD(path, `${array.shape.length} axes`);
  const affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  const place = wholeImage({ shape: [x, y, z], affine });
  return fieldOf(array.reshape([1, x, y, z]), { ...facts, place });
}
