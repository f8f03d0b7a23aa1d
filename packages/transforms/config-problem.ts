import type { z } from 'zod';
import { nearest } from '#errors';

export type JsonPath = readonly (string | number)[];

/** One thing wrong in a configuration; whoever read the file adds its name and line. */
export interface ConfigProblem {
  readonly path: JsonPath;
  /** Whether the key itself is wrong (its line is meant), its value, or the object lacks it. */
  readonly at: 'key' | 'value' | 'missing';
  readonly got: string;
  readonly expected: string;
  readonly remedy?: string | undefined;
}

export type Checked<T> = { readonly value: T } | { readonly problems: readonly ConfigProblem[] };

/**
 * `value` as `schema` reads it, or what is wrong, in this project's words and with the nearest
 * spelling of unknown keys. `base` is where `value` stands in its file.
 */
export function check<T>(
  schema: z.ZodObject & z.ZodType<T>,
  value: unknown,
  base: JsonPath,
): Checked<T> {
  const result = schema.safeParse(value);
  if (result.success) return { value: result.data };
  const keys = Object.keys(schema.shape);
  const problems = result.error.issues.flatMap((issue) => issueProblems(issue, value, base, keys));
  return { problems };
}

function issueProblems(
  issue: z.core.$ZodIssue,
  value: unknown,
  base: JsonPath,
  keys: readonly string[],
): ConfigProblem[] {
  const inside = issue.path.filter((part) => typeof part !== 'symbol');
  const path = [...base, ...inside];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey([...path, key], keys));
  }
  const found = valueAt(value, inside);
  const missing = found === undefined;
  return [
    {
      path,
      at: missing ? 'missing' : 'value',
      got: missing ? 'nothing' : shown(found),
      expected: expectation(issue),
    },
  ];
}

/** The problem of a key that means nothing here; `known` are the keys that do. */
export function unknownKey(path: JsonPath, known: Iterable<string>): ConfigProblem {
  const names = [...known];
  const key = String(path.at(-1));
  const near = nearest(key, names);
  return {
    path,
    at: 'key',
    got: 'a key that is not known here',
    expected: near === undefined ? `one of ${names.join(', ')}` : `"${near}"`,
    ...(near === undefined ? {} : { remedy: `did you mean "${near}"?` }),
  };
}

/** A name among `known`, or the problem of one that is not. */
export function unknownName(
  path: JsonPath,
  name: string,
  known: Iterable<string>,
  what: string,
): ConfigProblem {
  const names = [...known];
  const near = nearest(name, names);
  return {
    path,
    at: 'value',
    got: `"${name}"`,
    expected: names.length === 0 ? what : `${what}: ${names.join(', ')}`,
    ...(near === undefined ? {} : { remedy: `did you mean "${near}"?` }),
  };
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return withArticle(issue.expected);
    case 'invalid_value':
      return issue.values.map((value) => JSON.stringify(value)).join(' or ');
    case 'too_small':
      return `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${counted(issue.origin)}`;
    case 'too_big':
      return `${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${counted(issue.origin)}`;
    default:
      return issue.message;
  }
}

function counted(origin: string): string {
  if (origin === 'array') return ' entries';
  return origin === 'string' ? ' characters' : '';
}

function withArticle(type: string): string {
  if (type === 'int') return 'a whole number';
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function valueAt(value: unknown, path: JsonPath): unknown {
  let found = value;
  for (const part of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Record<string | number, unknown>)[part];
  }
  return found;
}

/** A value as a message shows it: JSON, cut to a length that fits a line. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
