import { z } from 'zod';
import { declareTransform } from '../declaration.ts';
import { fieldOf } from '../field.ts';
import { fieldNames, namesOf, usesOf } from '../field-names.ts';
import { severalFiles } from './one-file.ts';
import { readPng } from './read-png.ts';

const schema = z.strictObject({ fields: fieldNames });

/** Guide 10.2. The labels of a picture are numbers of its data list, and no file: they stay as they are. */
export const loadPng = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.LoadPng',
  summary:
    'Reads a PNG as a picture [channel, row, column] of 8 or 16 bits: one channel of greys, three of colours, and one more for transparency. A field of numbers (the labels) stays.',
  schema,
  kind: 'load',
  reads: (args) => usesOf(args.fields, 'fields', { kind: 'any' }),
  writes(args, types) {
    const fault = severalFiles(usesOf(args.fields, 'fields'), types);
    if (fault !== undefined) return fault;
    const after = new Map(types);
    for (const name of namesOf(args.fields)) {
      if (types.get(name)?.kind !== 'file') continue;
      after.set(name, { kind: 'array', axes: 2, hasChannels: true, channels: undefined });
    }
    return after;
  },
  async run(args, { fields }) {
    for (const name of namesOf(args.fields)) {
      if (fields.get(name)?.kind !== 'file') continue;
      const [path = ''] = fields.file(name).paths;
      fields.set(name, fieldOf(await readPng(path), { axes: 2 }));
    }
  },
});
