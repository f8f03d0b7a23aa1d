import type { PixelLayout, PixelLocation } from '../instance.ts';
import { nativeFrameBits, swapByteOrder, unpack12, unpackBits } from './native-frame.ts';
import type { Read } from './open-pixels.ts';
import { TRANSFER_SYNTAXES } from './transfer-syntaxes.ts';

/** Frames end to end in a file that is open. */
export interface NativePixels {
  readonly layout: PixelLayout;
  readonly location: Extract<PixelLocation, { kind: 'native' }>;
  readonly read: Read;
}

/** One frame's samples, little endian; single bits and samples of 12 bits become whole bytes. */
export function nativeFrame(pixels: NativePixels, frame: number): Uint8Array {
  const { bitsAllocated } = pixels.layout;
  const bits = nativeFrameBits(pixels.layout);
  const firstBit = bits * frame;
  const offset = Math.floor(firstBit / 8);
  const bytes = new Uint8Array(Math.ceil((firstBit + bits) / 8) - offset);
  readNative(pixels, offset, bytes);
  if (bitsAllocated === 1) {
    const samples = new Uint8Array(bits);
    unpackBits(bytes, firstBit & 7, samples);
    return samples;
  }
  if (bitsAllocated === 12) {
    const samples = new Uint8Array((bits / 12) * 2);
    unpack12(bytes, firstBit & 7, samples);
    return samples;
  }
  return bytes;
}

/** Fills `bytes` with what lies from byte `offset` of the samples on, in little endian order. */
export function readNative(pixels: NativePixels, offset: number, bytes: Uint8Array): void {
  const { layout, location, read } = pixels;
  const isBigEndian = TRANSFER_SYNTAXES[layout.transferSyntaxUid]?.isBigEndian === true;
  if (isBigEndian && location.isInWords && layout.bitsAllocated <= 8) {
    readOfWords(pixels, offset, bytes);
    return;
  }
  read([location.range[0] + offset, bytes.length], bytes);
  if (isBigEndian) swapByteOrder(bytes, layout.bitsAllocated / 8);
}

/** Samples of 1 or 8 bits in big endian words: the bytes of a word have changed places (PS3.5 section 8.1.1). */
function readOfWords(
  { location: { range }, read }: NativePixels,
  offset: number,
  bytes: Uint8Array,
): void {
  const even = offset & ~1;
  const words = new Uint8Array(Math.ceil((offset + bytes.length - even) / 2) * 2);
  const there = Math.min(words.length, range[1] - even);
  read([range[0] + even, there], words.subarray(0, there));
  swapByteOrder(words, 2);
  bytes.set(words.subarray(offset - even, offset - even + bytes.length));
}
