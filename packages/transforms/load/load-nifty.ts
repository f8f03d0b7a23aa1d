import { z } from 'zod';
import { declareTransform, type FieldTypes, type RunContext } from '../declaration.ts';
import { fieldOf } from '../field.ts';
import { fieldNames, namesOf, usesOf } from '../field-names.ts';
import { tell } from '../tell.ts';
import { joinImages } from './join-images.ts';
import { isLabelName } from './label-name.ts';
import { type ReadImage, readImage } from './read-image.ts';

const schema = z.strictObject({ fields: fieldNames });

/** Guide 10.2. Several files of one field are its channels; so are the frames of a 4D file. */
export const loadNifty = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.LoadNifty',
  summary:
    'Reads NIfTI files as 4D arrays, axes turned (not resampled) to the closest RAS orientation. A field of several files, which have to lie on each other, has a channel of each; so has a file of several frames. NaN counts as the lowest value, with a warning.',
  schema,
  kind: 'load',
  reads: (args) =>
    usesOf(args.fields, 'fields', { kind: 'file' }).map((use) => ({
      ...use,
      orPoints: isLabelName(use.field),
    })),
  writes(args, types) {
    const after = new Map(types);
    for (const name of namesOf(args.fields)) {
      if (!types.has(name)) continue;
      const isLabel = isLabelName(name);
      after.set(name, {
        kind: 'array',
        axes: 3,
        hasChannels: true,
        channels: channelsOf(types, name),
        isLabel,
      });
    }
    return after;
  },
  async run(args, context) {
    for (const name of namesOf(args.fields)) {
      if (context.fields.has(name)) await load(name, context);
    }
  },
});

/** One, unless files of several frames turn up: then the count is known when they are read. */
function channelsOf(types: FieldTypes, name: string): number | undefined {
  const type = types.get(name);
  return type?.kind === 'file' ? type.channels : undefined;
}

async function load(name: string, context: RunContext): Promise<void> {
  const { fields, signal } = context;
  const { paths } = fields.file(name);
  const images: ReadImage[] = [];
  try {
    for (const path of paths) images.push(await readImage(path, signal));
    const [first] = images;
    if (first === undefined) throw new Error(`no file for "${name}"`);
    const storage =
      images.length === 1 ? first.storage.flip([]) : await joinImages(images, paths, signal);
    tell(
      name,
      images.flatMap(({ warnings }) => warnings),
      context,
    );
    fields.set(name, fieldOf(storage, { place: first.place, isLabel: isLabelName(name) }));
  } finally {
    for (const image of images) image.storage.dispose();
  }
}
