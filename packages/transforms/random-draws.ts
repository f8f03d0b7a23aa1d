import { philox4x32, type RandomStream } from '#kernels';
import type { RunContext } from './declaration.ts';

/** What random transforms draw for. The same numbers give the same draws, on any machine and worker. */
export interface Sample {
  /** A whole number of up to 53 bits. */
  readonly seed: number;
  readonly epoch: number;
  /** The item's number in its data list. */
  readonly item: number;
}

const FIRST_SAMPLE: Sample = { seed: 0, epoch: 0, item: 0 };

/**
 * The numbers that one transform draws for one item: words of Philox4x32-10, whose key is the seed
 * and whose counter is [block, step of the chain, item, epoch]. Nothing is kept between items, so
 * neither the order nor the number of workers matters.
 */
export class RandomDraws {
  readonly #stream: RandomStream;
  #block = 0;
  #words: number[] = [];

  constructor(sample: Sample, step: number) {
    this.#stream = streamFor(sample, step, 0);
  }

  /** Uniform in [low, high): 24 bits, so that float32 holds the fraction exactly. */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * ((this.#word() >>> 8) / 2 ** 24);
  }

  /** Uniform among 0 to n - 1, every one as likely: words beyond the last multiple of n are drawn again. */
  below(n: number): number {
    const last = 2 ** 32 - (2 ** 32 % n);
    for (;;) {
      const word = this.#word();
      if (word < last) return word % n;
    }
  }

  /** Uniform among the whole numbers from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** Of mean 0 and deviation 1, by Box and Muller. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  #word(): number {
    if (this.#words.length === 0) {
      const { key, counter } = this.#stream;
      this.#words = [...philox4x32([this.#block++, ...counter], key)];
    }
    return this.#words.shift() ?? 0;
  }
}

/** The draws of the transform that is running. */
export function drawsOf({ sample = FIRST_SAMPLE, step = 0 }: RunContext): RandomDraws {
  return new RandomDraws(sample, step);
}

/** A stream of random numbers for a whole tensor: `stream` from 1 to 255, 0 is that of `drawsOf`. */
export function streamOf(
  { sample = FIRST_SAMPLE, step = 0 }: RunContext,
  stream: number,
): RandomStream {
  return streamFor(sample, step, stream);
}

function streamFor({ seed, epoch, item }: Sample, step: number, stream: number): RandomStream {
  return {
    key: [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0],
    counter: [((step << 8) | (stream & 0xff)) >>> 0, item >>> 0, epoch >>> 0],
  };
}
