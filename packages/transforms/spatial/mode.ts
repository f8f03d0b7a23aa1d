import { z } from 'zod';
import type { Fault } from '../declaration.ts';
import { type FieldNames, namesOf } from '../field-names.ts';
import type { Interpolation } from '../regrid.ts';

const one = z.enum(['bilinear', 'nearest']);

/** MONAI's argument: one for all fields, or a list. */
export const mode = z
  .union([one, z.array(one).min(1)], {
    error: '"bilinear" or "nearest", or a list with one of them for each field',
  })
  .optional()
  .describe(
    'by the nearest voxel or linearly, of all fields or a list with one for each; labels are read linearly only where a list says so, and without it others are',
  );

type Mode = z.infer<typeof mode>;

/** How the field of this number is read; undefined: as suits labels or grey values. */
export function interpolationOf(mode: Mode, index: number): Interpolation | undefined {
  if (typeof mode === 'string') return mode === 'nearest' ? mode : undefined;
  const own = mode?.[index];
  return own === 'bilinear' ? 'linear' : own;
}

/** What is wrong with a list that does not go with the fields. */
export function modeFault(fields: FieldNames, mode: Mode): Fault | undefined {
  const count = namesOf(fields).length;
  if (!Array.isArray(mode) || mode.length === count) return undefined;
  return { path: ['mode'], got: `${mode.length} modes`, expected: `${count}, one for each field` };
}
