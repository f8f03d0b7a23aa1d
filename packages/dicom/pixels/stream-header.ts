import type { PixelLayout } from '../instance.ts';
import { corruptFrame } from './decode-error.ts';
import { jpegSegments } from './jpeg-segments.ts';

/** What a code stream says of itself. */
export interface StreamHeader {
  readonly columns: number;
  readonly rows: number;
  readonly components: number;
  readonly bits: number;
  /** No image of this size takes fewer bits; 0 where a coding has no such bound. */
  readonly leastBits: number;
  /** Its decoder turns the components into RGB. */
  readonly hasColourTransform: boolean;
}

/**
 * JPEG 2000 may be wrapped in boxes, which begin it.
 * @internal
 */
const MOST_BOX_BYTES = 4096;

const END_MARKER = Buffer.from('ffd9', 'hex');

/** SIZ of JPEG 2000 (ITU-T T.800 A.5.1), also of HTJ2K. */
export function jpeg2000Header(stream: Buffer): StreamHeader | undefined {
  const start = stream.subarray(0, MOST_BOX_BYTES).indexOf(Buffer.from('ff4fff51', 'hex'));
  const at = start + 6;
  if (start < 0 || stream.length < at + 37) return undefined;
  return {
    columns: stream.readUInt32BE(at + 2) - stream.readUInt32BE(at + 10),
    rows: stream.readUInt32BE(at + 6) - stream.readUInt32BE(at + 14),
    components: stream.readUInt16BE(at + 34),
    bits: ((stream[at + 36] ?? 0) & 0x7f) + 1,
    // A packet without anything new is one bit, whatever it covers.
    leastBits: 0,
    hasColourTransform: hasComponentTransform(stream, start + 2),
  };
}

/** The multiple component transformation of COD (ITU-T T.800 A.6.1), in the main header from SIZ on. */
function hasComponentTransform(stream: Buffer, sizAt: number): boolean {
  for (let at = sizAt; at + 9 <= stream.length; at += 2 + stream.readUInt16BE(at + 2)) {
    const marker = stream.readUInt16BE(at);
    if (marker === 0xff52) return stream[at + 8] === 1;
    if (marker === 0xff90) return false;
  }
  return false;
}

/** The frame header of JPEG (ITU-T T.81 B.2.2) and JPEG-LS (T.87 C.2.2). */
export function jpegHeader(stream: Buffer): StreamHeader | undefined {
  for (const { marker, data } of jpegSegments(stream)) {
    if (!isFrameHeader(marker) || data.length < 6) continue;
    const size = {
      bits: data[0] as number,
      rows: data.readUInt16BE(1),
      columns: data.readUInt16BE(3),
      components: data[5] as number,
    };
    const leastBits = leastBitsOf(marker, size, data.subarray(6));
    return { ...size, leastBits, hasColourTransform: false };
  }
  return undefined;
}

/** A Huffman code has a bit at least: for each sample (T.81 annex H), or for each block's first coefficient. */
function leastBitsOf(
  marker: number,
  { rows, columns, components }: Pick<StreamHeader, 'rows' | 'columns' | 'components'>,
  parameters: Buffer,
): number {
  if (marker === 0xc3) return rows * columns * components;
  // JPEG-LS: a run ends with its line (T.87 A.7).
  if (marker === 0xf7) return rows;
  if (marker > 0xc2) return 0;
  const across = 8 * mostSampling(parameters, components, 4);
  const down = 8 * mostSampling(parameters, components, 0);
  return Math.ceil(columns / across) * Math.ceil(rows / down) * components;
}

/** The largest sampling factor, which lies `shift` bits up in each component's second byte. */
function mostSampling(parameters: Buffer, components: number, shift: 4 | 0): number {
  // One component is not interleaved with others: its blocks are 8 x 8.
  if (components === 1) return 1;
  const factors = Array.from(
    { length: components },
    (_, n) => (parameters[3 * n + 1] ?? 0) >> shift,
  );
  return Math.max(1, ...factors.map((factor) => factor & 0x0f));
}

/**
 * Holds a code stream to its end marker: EOI of JPEG and JPEG-LS, EOC of HTJ2K; no coded data contains it.
 * Without it CharLS reads on in memory that is not the stream's, for seconds, and OpenJPH makes up voxels.
 */
export function assertEnd(stream: Buffer): void {
  if (stream.lastIndexOf(END_MARKER) === -1) {
    throw corruptFrame('a code stream that ends early', 'one with an end marker');
  }
}

export function isFrameHeader(marker: number): boolean {
  const isSof = marker >= 0xc0 && marker <= 0xcf;
  return (isSof && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) || marker === 0xf7;
}

/**
 * Holds a code stream against its file's header and its own length before anything is decoded: a stream
 * that lies about its size takes no memory.
 */
export function assertStream(
  stream: Buffer,
  header: StreamHeader | undefined,
  layout: PixelLayout,
): StreamHeader {
  if (header === undefined) throw corruptFrame('no code stream', 'one of this transfer syntax');
  const { rows, columns, samplesPerPixel, bitsAllocated } = layout;
  const { components, bits } = header;
  const isSame = header.rows === rows && header.columns === columns;
  if (!isSame || components !== samplesPerPixel || bits < 1 || bits > bitsAllocated) {
    throw corruptFrame(
      `a code stream of ${header.columns} x ${header.rows}, ${components} components of ${bits} bits`,
      `${columns} x ${rows}, ${samplesPerPixel} components of at most ${bitsAllocated} bits`,
    );
  }
  const leastBytes = Math.ceil(header.leastBits / 8);
  if (stream.length < leastBytes) {
    throw corruptFrame(
      `a code stream of ${stream.length} bytes for ${columns} x ${rows} pixels`,
      `at least ${leastBytes} bytes`,
    );
  }
  return header;
}
