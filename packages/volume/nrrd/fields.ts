import { SextantError } from '#errors';

/** The fields `name: value` and the keys `key:=value` of an NRRD header. */
export class NrrdFields {
  readonly #fields = new Map<string, string>();
  readonly #keys = new Map<string, string>();

  constructor(lines: readonly string[]) {
    for (const line of lines.slice(1)) {
      if (line.startsWith('#')) continue;
      const key = /^([^:]+):=(.*)$/.exec(line);
      const field = /^([^:]+): ?(.*)$/.exec(line);
      if (key !== null) this.#keys.set(key[1] ?? '', (key[2] ?? '').trim());
      else if (field !== null)
        this.#fields.set((field[1] ?? '').toLowerCase(), (field[2] ?? '').trim());
    }
  }

  text(...names: readonly string[]): string | undefined {
    for (const name of names) {
      const value = this.#fields.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  key(name: string): string | undefined {
    return this.#keys.get(name);
  }

  need(name: string): string {
    return this.text(name) ?? fail(name, 'nothing', 'the field');
  }

  count(...names: readonly string[]): number {
    const number = Number(this.text(...names) ?? 0);
    if (Number.isInteger(number) && number >= -1) return number;
    return fail(names[0] ?? '', String(number), 'a count');
  }

  /** `(1,0,0) none (0,1,0)`: a vector each, undefined where there is none. */
  vectors(name: string): (readonly number[] | undefined)[] | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const parts = text.match(/\([^)]*\)|none/gi) ?? fail(name, text, 'vectors in brackets');
    return parts.map((part) => {
      if (part.toLowerCase() === 'none') return undefined;
      const numbers = part.slice(1, -1).split(',').map(Number);
      if (numbers.every(Number.isFinite) && numbers.length <= 4) return numbers;
      return fail(name, text, 'vectors of finite numbers');
    });
  }
}

function fail(field: string, got: string, expected: string): never {
  throw brokenNrrd(field, got, expected);
}

export function brokenNrrd(field: string, got: string, expected: string): SextantError {
  return new SextantError('VOLUME_CORRUPT', {
    subject: `NRRD header: ${field}`,
    got: JSON.stringify(got.slice(0, 100)),
    expected,
    remedy: 'write the image again, or correct the header',
  });
}
