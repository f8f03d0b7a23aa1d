import { z } from 'zod';
import { declareTransform, type RunContext } from '../declaration.ts';
import { type Field, fieldOf } from '../field.ts';
import { fieldNames, namesOf, usesOf } from '../field-names.ts';
import { wholeImage } from '../place.ts';
import { tell } from '../tell.ts';
import { finiteImage } from './finite-voxels.ts';
import { isLabelName } from './label-name.ts';
import { severalFiles } from './one-file.ts';
import { readNpy } from './read-npy.ts';
import { notThreeD, readVolume } from './read-volume.ts';

const schema = z.strictObject({ fields: fieldNames });

/** As the guide's training configuration (6.1) uses it; the table of 10.2 leaves it out. */
export const loadNumpyFromFilename = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.LoadNumpyFromFilename',
  summary:
    'Reads one file for each field as a 3D array: a .nii or .nii.gz turned to the closest RAS orientation, or a .npy [x, y, z] as it is. NaN counts as the lowest value, with a warning.',
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

async function loaded(name: string, context: RunContext): Promise<Field> {
  const { fields, signal } = context;
  const [path = ''] = fields.file(name).paths;
  const facts = { hasChannels: false, isLabel: isLabelName(name) };
  if (!/\.npy$/i.test(path)) {
    const { storage, place, warnings } = await readVolume(path, signal);
    tell(name, warnings, context);
    return fieldOf(storage, { ...facts, place });
  }
  using array = await readNpy(path);
  const [x = 1, y = 1, z = 1] = array.shape;
  if (array.shape.length !== 3) throw notThreeD(path, `${array.shape.length} axes`);
  const affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  const place = wholeImage({ shape: [x, y, z], affine });
  const { voxels, warnings } = await finiteImage(array, path, { slope: 1, signal });
  using finite = voxels;
  tell(name, warnings, context);
  return fieldOf(finite.reshape([1, x, y, z]), { ...facts, place });
}
