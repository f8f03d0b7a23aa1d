import type { Field, FileValue, NumbersValue, Value } from './field.ts';

/** The fields of one running chain by name. It owns their memory: what is replaced is disposed. */
export class Fields implements Disposable {
  readonly #values = new Map<string, Value>();

  constructor(values: Iterable<readonly [string, Value]> = []) {
    for (const [name, value] of values) this.set(name, value);
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  get(name: string): Value | undefined {
    return this.#values.get(name);
  }

  /** A field that the compiler has found to be an array here. */
  array(name: string): Field {
    return this.#checked(name, 'array') as Field;
  }

  file(name: string): FileValue {
    return this.#checked(name, 'file') as FileValue;
  }

  numbers(name: string): NumbersValue {
    return this.#checked(name, 'numbers') as NumbersValue;
  }

  set(name: string, value: Value): void {
    const before = this.#values.get(name);
    this.#values.set(name, value);
    if (before?.kind !== 'array') return;
    if (value.kind !== 'array' || value.storage !== before.storage) before.storage.dispose();
  }

  entries(): IterableIterator<[string, Value]> {
    return this.#values.entries();
  }

  [Symbol.dispose](): void {
    for (const value of this.#values.values()) {
      if (value.kind === 'array') value.storage.dispose();
    }
    this.#values.clear();
  }

  #checked(name: string, kind: Value['kind']): Value {
    const value = this.#values.get(name);
    if (value?.kind === kind) return value;
    throw new Error(`the chain was checked, but "${name}" is ${value?.kind ?? 'not there'}`);
  }
}
