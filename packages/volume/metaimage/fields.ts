import { SextantError } from '#errors';

/** The fields of a MetaImage header: `Key = value`, one a line, names as they are. */
export class Fields {
  readonly #values = new Map<string, string>();

  constructor(lines: readonly string[]) {
    for (const line of lines) {
      const at = line.indexOf('=');
      if (at > 0) this.#values.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
    }
  }

  /** The first of several names that is there. */
  text(...names: readonly string[]): string | undefined {
    for (const name of names) {
      const value = this.#values.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  flag(...names: readonly string[]): boolean {
    return /^(true|1|t)/i.test(this.text(...names) ?? 'false');
  }

  /** Exactly `count` finite numbers, or undefined where there is no such field. */
  numbers(count: number, ...names: readonly string[]): number[] | undefined {
    const text = this.text(...names);
    if (text === undefined) return undefined;
    const numbers = text.split(/\s+/).map(Number);
    if (numbers.length === count && numbers.every(Number.isFinite)) return numbers;
    throw broken(names[0] ?? '', text, `${count} numbers`);
  }
}

export function broken(field: string, got: string, expected: string): SextantError {
  return new SextantError('VOLUME_CORRUPT', {
    subject: `MetaImage header: ${field}`,
    got: JSON.stringify(got.slice(0, 100)),
    expected,
    remedy: 'write the image again, or correct the header',
  });
}
