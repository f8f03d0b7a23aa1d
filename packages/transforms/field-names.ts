import { z } from 'zod';
import type { FieldUse, FieldWants } from './declaration.ts';

/** An argument that names one field or several, as the guide's `fields` and `applied_keys`. */
export const fieldNames = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)], {
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
