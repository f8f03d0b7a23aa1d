// The small one: this is a part of every command's start.
import * as z from 'zod/mini';

/**
 * The types a setting can have. Text from a flag or a variable and values of a JSON file come in
 * alike; `expected` completes "expected …" in an error and the range in --help.
 */
export interface SettingType<T> {
  readonly schema: z.ZodMiniType<T>;
  readonly expected: string;
  /** What stands for the value in --help; undefined for a switch, which takes none. */
  readonly placeholder: string | undefined;
}

/** A whole number between `min` and `max`, both allowed. */
export function integer({ min, max }: { min: number; max: number }): SettingType<number> {
  return {
    schema: after(numberFromText, z.int().check(z.minimum(min), z.maximum(max))),
    expected: `a whole number from ${min} to ${max}`,
    placeholder: 'N',
  };
}

/** Text that is not empty: a path, an address, a name. */
export function text(
  placeholder: string,
  expected = 'text that is not empty',
): SettingType<string> {
  return { schema: z.string().check(z.minLength(1)), expected, placeholder };
}

/** One of a few words, in any letter case. */
export function oneOf<const W extends readonly [string, ...string[]]>(
  ...words: W
): SettingType<W[number]> {
  return {
    schema: after(lowerCase, z.enum(words)),
    expected: words.join(', '),
    placeholder: 'WORD',
  };
}

/** On or off. As a flag: `--name` or `--no-name`; elsewhere true or false. */
export function toggle(): SettingType<boolean> {
  return {
    schema: after((value) => TRUTH.get(value) ?? value, z.boolean()),
    expected: 'true or false',
    placeholder: undefined,
  };
}

/** A size in bytes, as a number or with a unit: `4GiB`, `512 MiB`. */
export function bytes({ min, max }: { min: number; max: number }): SettingType<number> {
  return {
    schema: after(bytesFromText, z.int().check(z.minimum(min), z.maximum(max))),
    expected: `a size from ${formatBytes(min)} to ${formatBytes(max)}, for instance 512MiB`,
    placeholder: 'SIZE',
  };
}

/** A schema that sees what `read` makes of a text. */
function after<T>(read: (value: unknown) => unknown, schema: z.ZodMiniType<T>): z.ZodMiniType<T> {
  return z.pipe(z.transform(read), schema) as unknown as z.ZodMiniType<T>;
}

/** 4294967296 -> '4GiB'; a number that no unit divides stays as it is. */
export function formatBytes(count: number): string {
  for (const [unit, factor] of [...UNITS].reverse()) {
    if (count >= factor && count % factor === 0) return `${count / factor}${unit}`;
  }
  return String(count);
}

const UNITS = new Map([
  ['B', 1],
  ['KiB', 1024],
  ['MiB', 1024 ** 2],
  ['GiB', 1024 ** 3],
  ['TiB', 1024 ** 4],
]);

const TRUTH = new Map<unknown, boolean>([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

function lowerCase(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

function numberFromText(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d+$/.test(value.trim()) ? Number(value) : value;
}

function bytesFromText(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(value.trim());
  if (match === null) return value;
  const [, count = '', unit = ''] = match;
  const factor = unit === '' ? 1 : factorOf(unit);
  return factor === undefined ? value : Number(count) * factor;
}

function factorOf(unit: string): number | undefined {
  for (const [name, factor] of UNITS) {
    if (name.toLowerCase() === unit.toLowerCase()) return factor;
  }
  return undefined;
}
