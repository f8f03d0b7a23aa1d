import assert from 'node:assert/strict';
import { philox4x32 } from './philox.ts';

/** The known answers that the authors publish with Random123 (kat_vectors, philox4x32 10). */
const KNOWN = [
  { counter: [0, 0, 0, 0], key: [0, 0], words: '6627e8d5 e169c58d bc57ac4c 9b00dbd8' },
  {
    counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    key: [0xffffffff, 0xffffffff],
    words: '408f276d 41c83b0e a20bc7c6 6d5451fd',
  },
  {
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    key: [0xa4093822, 0x299f31d0],
    words: 'd16cfe09 94fdcceb 5001e420 24126ea1',
  },
] as const;

describe('philox4x32', () => {
  for (const { counter, key, words } of KNOWN) {
    it(`gives the published words for counter ${counter.map((word) => word.toString(16))}`, () => {
      const found = philox4x32(counter, key).map((word) => word.toString(16).padStart(8, '0'));
      assert.equal(found.join(' '), words);
    });
  }
});
