import type { PixelLayout } from '../instance.ts';
import { corruptFrame } from './decode-error.ts';

const HEADER_BYTES = 64;
/**
 * What the header of RLE has room for (PS3.5 G.5).
 * @internal
 */
const MOST_SEGMENTS = 15;

/**
 * RLE Lossless (PS3.5 annex G): a segment for every byte of a sample, the highest first, plane by plane.
 * Gives samples end to end, colours in planes, little endian.
 */
export function decodeRle(stream: Buffer, layout: PixelLayout): Uint8Array {
  const { rows, columns, samplesPerPixel, bitsAllocated } = layout;
  const pixels = rows * columns;
  const width = Math.ceil(bitsAllocated / 8);
  const count = stream.length >= HEADER_BYTES ? stream.readUInt32LE(0) : 0;
  const expected = samplesPerPixel * width;
  if (count !== expected || count > MOST_SEGMENTS) {
    throw corruptFrame(`${count} RLE segments`, `${expected}, one for each byte of a pixel`);
  }
  if (bitsAllocated === 1) return decodeBits(stream, pixels);
  expectLength(stream, pixels * expected);
  const samples = new Uint8Array(pixels * expected);
  for (let segment = 0; segment < count; segment++) {
    const [sample, byte] = [Math.floor(segment / width), width - 1 - (segment % width)];
    const first = sample * pixels * width + byte;
    unpack(segmentOf(stream, segment, count), { samples, first, step: width, count: pixels });
  }
  return samples;
}

/** Before memory is taken for them: two bytes make 128 at most. */
function expectLength(stream: Buffer, samples: number): void {
  const least = HEADER_BYTES + Math.ceil(samples / 64);
  if (stream.length >= least) return;
  throw corruptFrame(`${stream.length} bytes of RLE`, `at least ${least} for ${samples} bytes`);
}

/** Single bits stay packed. */
function decodeBits(stream: Buffer, pixels: number): Uint8Array {
  const count = Math.ceil(pixels / 8);
  expectLength(stream, count);
  const samples = new Uint8Array(count);
  unpack(segmentOf(stream, 0, 1), { samples, first: 0, step: 1, count });
  return samples;
}

function segmentOf(stream: Buffer, segment: number, count: number): Buffer {
  const start = stream.readUInt32LE(4 + 4 * segment);
  const end = segment + 1 < count ? stream.readUInt32LE(8 + 4 * segment) : stream.length;
  if (start < HEADER_BYTES || start > end || end > stream.length) {
    throw corruptFrame(`an RLE segment from ${start} to ${end}`, `bounds within ${stream.length}`);
  }
  return stream.subarray(start, end);
}

interface Target {
  readonly samples: Uint8Array;
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

/** PackBits. A segment may be padded; one that ends before it fills its plane is broken. */
function unpack(segment: Buffer, { samples, first, step, count }: Target): void {
  let to = first;
  const end = first + step * count;
  for (let at = 0; at < segment.length && to < end; ) {
    const control = segment[at++] as number;
    if (control < 128) {
      const stop = Math.min(at + control + 1, segment.length);
      for (; at < stop && to < end; at++, to += step) samples[to] = segment[at] as number;
    } else if (control > 128) {
      const value = segment[at++] ?? 0;
      for (let n = 257 - control; n > 0 && to < end; n--, to += step) samples[to] = value;
    }
  }
  if (to < end) {
    const filled = (to - first) / step;
    throw corruptFrame(`an RLE segment of ${filled} bytes`, `${count} bytes`);
  }
}
