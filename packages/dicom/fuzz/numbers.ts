import { Random } from './random.ts';

/** Repeatable numbers of one input: of (seed, index), whatever was drawn for another. */
export class Numbers extends Random {
  constructor(seed: number, index: number) {
    super(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
  }
}
