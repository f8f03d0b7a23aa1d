/** Lets work of known weight begin while the weights of what runs stay within a bound. */
export class Admission {
  readonly #limit: number;
  readonly #waiting: { weight: number; admit: () => void }[] = [];
  #running = 0;
  #weight = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Runs `work` when there is room for its weight; alone, when it weighs more than the bound. */
  async run<T>(weight: number, work: () => Promise<T>): Promise<T> {
    if (!this.#fits(weight) || this.#waiting.length > 0) {
      await new Promise<void>((admit) => this.#waiting.push({ weight, admit }));
    } else this.#begin(weight);
    try {
      return await work();
    } finally {
      this.#running--;
      this.#weight -= weight;
      this.#next();
    }
  }

  #fits(weight: number): boolean {
    return this.#running === 0 || this.#weight + weight <= this.#limit;
  }

  #begin(weight: number): void {
    this.#running++;
    this.#weight += weight;
  }

  #next(): void {
    for (
      let next = this.#waiting[0];
      next !== undefined && this.#fits(next.weight);
      next = this.#waiting[0]
    ) {
      this.#waiting.shift();
      this.#begin(next.weight);
      next.admit();
    }
  }
}
