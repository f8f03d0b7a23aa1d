/**
 * The types a setting can have. Text from a flag or a variable and values of a JSON file come in
 * alike; `expected` completes "expected …" in an error and the range in --help. Written out and not
 * made with zod: every command reads its settings first, and loading zod took longer than many do.
 */
export interface SettingType<T> {
  /** The value, or undefined for what is none of the type. */
  read(given: unknown): T | undefined;
  readonly expected: string;
  /** What stands for the value in --help; undefined for a switch, which takes none. */
  readonly placeholder: string | undefined;
}

/** A whole number between `min` and `max`, both allowed. */
export function integer({ min, max }: { min: number; max: number }): SettingType<number> {
  return {
    read: (given) => wholeBetween(numberFromText(given), min, max),
    expected: `a whole number from ${min} to ${max}`,
    placeholder: 'N',
  };
}

/** Text that is not empty: a path, an address, a name. */
export function text(
  placeholder: string,
  expected = 'text that is not empty',
): SettingType<string> {
  const read = (given: unknown) => (typeof given === 'string' && given !== '' ? given : undefined);
  return { read, expected, placeholder };
}

/** A number or several as one text, for whom a parser of its own follows; in a file a number as it is. */
export function numbers(placeholder: string, expected: string): SettingType<string> {
  const { read } = text(placeholder, expected);
  return {
    read: (given) => read(typeof given === 'number' ? String(given) : given),
    expected,
    placeholder,
  };
}

/** One of a few words, in any letter case. */
export function oneOf<const W extends readonly [string, ...string[]]>(
  ...words: W
): SettingType<W[number]> {
  return {
    read: (given) =>
      words.find((word) => typeof given === 'string' && word === given.toLowerCase()),
    expected: words.join(', '),
    placeholder: 'WORD',
  };
}

/** On or off. As a flag: `--name` or `--no-name`; elsewhere true or false. */
export function toggle(): SettingType<boolean> {
  return {
    read: (given) => (typeof given === 'boolean' ? given : TRUTH.get(given)),
    expected: 'true or false',
    placeholder: undefined,
  };
}

/** A size in bytes, as a number or with a unit: `4GiB`, `512 MiB`. */
export function bytes({ min, max }: { min: number; max: number }): SettingType<number> {
  return {
    read: (given) => wholeBetween(bytesFromText(given), min, max),
    expected: `a size from ${formatBytes(min)} to ${formatBytes(max)}, for instance 512MiB`,
    placeholder: 'SIZE',
  };
}

function wholeBetween(value: unknown, min: number, max: number): number | undefined {
  const isWhole = typeof value === 'number' && Number.isSafeInteger(value);
  return isWhole && value >= min && value <= max ? value : undefined;
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
