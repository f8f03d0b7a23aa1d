import { z } from 'zod';
import type { FieldUse } from './declaration.ts';

/** An argument that names one field or several, as the guide's `fields` and `applied_keys`. */
export const fieldNames = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)], {
  error: 'a field name or a list of field names',
});

export type FieldNames = z.infer<typeof fieldNames>;

export function namesOf(names: FieldNames): readonly string[] {
  return typeof names === 'string' ? [names] : names;
}

/** The uses of the fields in `names`, which stand under `argument`. */
export function usesOf(names: FieldNames, argument: string, rank?: 3 | 4): FieldUse[] {
  const wanted = rank === undefined ? {} : { rank };
  if (typeof names === 'string') return [{ field: names, argument: [argument], ...wanted }];
  return names.map((field, index) => ({ field, argument: [argument, index], ...wanted }));
}
