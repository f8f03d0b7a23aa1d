import { z } from 'zod';
import type { FieldUse, FieldWants } from './declaration.ts';
import { areDistinct } from './distinct.ts';

/**
 * Characters of a name: `<image>_<field>.nii` stays well below the 255 bytes of a file's name.
 * @beyond CONFIG_INVALID
 */
const LONGEST_NAME = 64;

/** A field's name is part of the name of the file that a writer makes of it: it never leads elsewhere. */
export const fieldName = z
  .string()
  .refine((name) => name.length <= LONGEST_NAME && /^[^./\\\p{C}][^/\\\p{C}]*$/u.test(name), {
    error: `a field name: 1 to ${LONGEST_NAME} characters, no dot in front, none of / and \\, no control characters`,
  });

/** An argument that names one field or several, as the guide's `fields` and `applied_keys`. */
export const fieldNames = z
  .union([fieldName, z.array(fieldName).min(1).refine(areDistinct, { error: 'each field once' })], {
    error: 'a field name or a list of field names',
  })
  .describe('fields that it applies to');

export type FieldNames = z.infer<typeof fieldNames>;

export function namesOf(names: FieldNames): readonly string[] {
  return typeof names === 'string' ? [names] : names;
}

/** The uses of the fields in `names`, which stand under `argument`. */
export function usesOf(names: FieldNames, argument: string, wants?: FieldWants): FieldUse[] {
  const what = wants === undefined ? {} : { wants };
  if (typeof names === 'string') return [{ field: names, argument: [argument], ...what }];
  return names.map((field, index) => ({ field, argument: [argument, index], ...what }));
}
