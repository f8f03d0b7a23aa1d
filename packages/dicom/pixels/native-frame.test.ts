import assert from 'node:assert/strict';
import { unpack12 } from './native-frame.ts';

describe('samples of 12 bits', () => {
  it('lie two in three bytes, frames of an odd count end to end', () => {
    const samples = Array.from({ length: 9 }, (_, n) => (n * 1021 + 77) % 4096);
    const bytes = new Uint8Array(14);
    samples.forEach((sample, n) => {
      for (let bit = 0; bit < 12; bit++) {
        const at = 12 * n + bit;
        if ((sample >> bit) & 1) bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (1 << (at & 7));
      }
    });
    for (let frame = 0; frame < 3; frame++) {
      const [firstBit, target] = [36 * frame, new Uint8Array(6)];
      unpack12(bytes.subarray(firstBit >> 3), firstBit & 7, target);
      assert.deepEqual(
        [...new Uint16Array(target.buffer)],
        samples.slice(3 * frame, 3 * frame + 3),
      );
    }
  });
});
