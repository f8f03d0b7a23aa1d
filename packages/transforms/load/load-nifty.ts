import { z } from 'zod';
import { SextantError } from '#errors';
import { move, Tensor } from '#kernels';
import { declareTransform, type FieldTypes, type RunContext } from '../declaration.ts';
import { fieldOf } from '../field.ts';
import { fieldNames, namesOf, usesOf } from '../field-names.ts';
import { isLabelName } from './label-name.ts';
import { type ReadImage, readImage } from './read-image.ts';

const schema = z.strictObject({ fields: fieldNames });

/** Guide 10.2. Several files of one field are its channels; so are the frames of a 4D file. */
export const loadNifty = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.LoadNifty',
  summary:
    'Reads NIfTI files as 4D arrays, axes turned (not resampled) to the closest RAS orientation. A field of several files has a channel of each.',
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

async function load(name: string, { fields, signal }: RunContext): Promise<void> {
  const { paths } = fields.file(name);
  const images: ReadImage[] = [];
  try {
    for (const path of paths) images.push(await readImage(path, signal));
    const [first] = images;
    if (first === undefined) throw new Error(`no file for "${name}"`);
    const storage =
      images.length === 1 ? first.storage.flip([]) : await joined(images, paths, signal);
    fields.set(name, fieldOf(storage, { place: first.place, isLabel: isLabelName(name) }));
  } finally {
    for (const image of images) image.storage.dispose();
  }
}

/** The channels of several files of one grid behind each other. */
async function joined(
  images: readonly ReadImage[],
  paths: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Tensor> {
  const shapes = images.map(({ storage }) => storage.shape.slice(1).join(' x '));
  const other = shapes.findIndex((shape) => shape !== shapes[0]);
  if (other >= 0) {
    throw new SextantError('ARGUMENT_INVALID', {
      subject: paths[other] ?? 'image',
      got: `${shapes[other]} voxels`,
      expected: `${shapes[0]}, as ${paths[0]} has: files of one field are its channels`,
    });
  }
  const [, ...space] = images[0]?.storage.shape ?? [];
  const channels = images.reduce((sum, { storage }) => sum + (storage.shape[0] ?? 0), 0);
  const isOneType = new Set(images.map(({ storage }) => storage.dtype)).size === 1;
  const dtype = isOneType ? (images[0]?.storage.dtype ?? 'float32') : 'float32';
  const output = Tensor.empty(dtype, [channels, ...space]);
  try {
    let channel = 0;
    for (const { storage: input } of images) {
      const end = channel + (input.shape[0] ?? 0);
      using part = output.slice(0, channel, end);
      await move({ input, output: part, ...(signal && { signal }) });
      channel = end;
    }
    return output;
  } catch (error) {
    output.dispose();
    throw error;
  }
}
