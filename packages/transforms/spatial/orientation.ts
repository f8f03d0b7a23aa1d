import { z } from 'zod';
import { AXES, type Axis, type IndexMap, ioOrientation, perAxis } from '#geometry';
import { type Field, shapeOf } from '../field.ts';
import { fieldNames, usesOf } from '../field-names.ts';
import { affineOf } from '../place.ts';
import type { Regrid } from '../regrid.ts';
import { declareSpatial } from './declare-spatial.ts';

/** Where each letter points: an axis of RAS millimetres, and whether against it. */
const LETTERS: Readonly<Record<string, { axis: Axis; isBackwards: boolean }>> = {
  R: { axis: 0, isBackwards: false },
  L: { axis: 0, isBackwards: true },
  A: { axis: 1, isBackwards: false },
  P: { axis: 1, isBackwards: true },
  S: { axis: 2, isBackwards: false },
  I: { axis: 2, isBackwards: true },
};

const schema = z.strictObject({
  fields: fieldNames,
  axcodes: z
    .string()
    .regex(/^[RLAPSI]{3}$/, { error: 'three letters of R or L, A or P, S or I, as "RAS"' })
    .refine((codes) => new Set([...codes].map((letter) => LETTERS[letter]?.axis)).size === 3, {
      error: 'one letter of each pair: R or L, A or P, S or I',
    })
    .describe('where x, y and z are to point'),
});

/** MONAI's transform of that name. Loaded images are RAS already, as near as their grid allows. */
export const orientation = declareSpatial<z.infer<typeof schema>>({
  name: 'transforms.Orientation',
  summary:
    'Turns and flips the axes so that they point where `axcodes` says. A view: no voxel changes.',
  schema,
  applied: (args) => usesOf(args.fields, 'fields', { axes: 3 }),
  shapeAfter: () => undefined,
  async plan({ axcodes }) {
    return (field) => turnedTo(field, axcodes);
  },
});

function turnedTo(field: Field, codes: string): Regrid | undefined {
  if (field.place === undefined) return undefined;
  const before = ioOrientation(affineOf(field.place));
  const shape = shapeOf(field);
  const sources = perAxis((output) => {
    const wanted = LETTERS[codes[output] ?? 'R'] ?? { axis: 0, isBackwards: false };
    const axis = AXES.find((input) => before[input].axis === wanted.axis) ?? output;
    return { axis, isFlipped: before[axis].flip !== wanted.isBackwards };
  });
  const toInput: IndexMap = AXES.flatMap((input) => {
    const output = AXES.find((axis) => sources[axis].axis === input) ?? input;
    const { isFlipped } = sources[output];
    const steps = [0, 0, 0];
    steps[output] = isFlipped ? -1 : 1;
    return [...steps, isFlipped ? shape[input] - 1 : 0];
  });
  return { shape: perAxis((output) => shape[sources[output].axis]), toInput };
}
