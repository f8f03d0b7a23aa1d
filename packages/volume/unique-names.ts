/** Gives names that no other has, whatever the case of letters: `ct`, `ct_2`, `ct_3`. */
export class UniqueNames {
  /** Names in lower case, with the last number that was put behind each. */
  readonly #taken = new Map<string, number>();

  take(wish: string): string {
    let n = this.#taken.get(wish.toLowerCase());
    if (n === undefined) {
      this.#taken.set(wish.toLowerCase(), 1);
      return wish;
    }
    let name: string;
    do name = `${wish}_${++n}`;
    while (this.#taken.has(name.toLowerCase()));
    this.#taken.set(wish.toLowerCase(), n);
    this.#taken.set(name.toLowerCase(), 1);
    return name;
  }
}
