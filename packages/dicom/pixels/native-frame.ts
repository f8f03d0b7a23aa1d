import type { PixelLayout } from '../instance.ts';

/** Bits of one frame of native pixel data; frames of single bits may begin within a byte. */
export function nativeFrameBits(layout: PixelLayout): number {
  const { rows, columns, samplesPerPixel, bitsAllocated, photometric } = layout;
  // Two pixels share their colour differences (PS3.3 C.7.6.3.1.2).
  const samples = photometric === 'YBR_FULL_422' ? 2 : samplesPerPixel;
  return rows * columns * samples * bitsAllocated;
}

/** Single bits, the lowest first (PS3.5 section 8.1.1), to one byte each. */
export function unpackBits(bytes: Uint8Array, firstBit: number, samples: Uint8Array): void {
  for (let n = 0; n < samples.length; n++) {
    const bit = firstBit + n;
    samples[n] = ((bytes[bit >>> 3] ?? 0) >>> (bit & 7)) & 1;
  }
}

/** Two samples in three bytes, to 16 bits each; a frame of an odd count begins or ends within a byte. */
export function unpack12(bytes: Uint8Array, firstBit: number, samples: Uint8Array): void {
  const wide = new Uint16Array(samples.buffer, samples.byteOffset, samples.length / 2);
  for (let n = 0; n < wide.length; n++) {
    const bit = firstBit + 12 * n;
    const [a = 0, b = 0] = [bytes[bit >>> 3], bytes[(bit >>> 3) + 1]];
    wide[n] = (bit & 7) === 0 ? a | ((b & 0x0f) << 8) : (a >>> 4) | (b << 4);
  }
}

/** In place, elements of `width` bytes. */
export function swapByteOrder(bytes: Uint8Array, width: number): void {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length - (bytes.length % width));
  if (width === 2) whole.swap16();
  if (width === 4) whole.swap32();
  if (width === 8) whole.swap64();
}
