import type { PixelLayout } from '../instance.ts';
import { corruptFrame } from './decode-error.ts';

/** What a code stream says of itself. */
export interface StreamHeader {
  readonly columns: number;
  readonly rows: number;
  readonly components: number;
  readonly bits: number;
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
  };
}

/** The frame header of JPEG (ITU-T T.81 B.2.2) and JPEG-LS (T.87 C.2.2). */
export function jpegHeader(stream: Buffer): StreamHeader | undefined {
  if (stream[0] !== 0xff || stream[1] !== 0xd8) return undefined;
  for (let at = 2; at + 10 <= stream.length; ) {
    if (stream[at] !== 0xff) return undefined;
    const marker = stream[at + 1] ?? 0;
    // Fill bytes before a marker, and markers that stand alone.
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (isFrameHeader(marker)) {
      return {
        bits: stream[at + 4] ?? 0,
        rows: stream.readUInt16BE(at + 5),
        columns: stream.readUInt16BE(at + 7),
        components: stream[at + 9] ?? 0,
      };
    }
    at += 2 + stream.readUInt16BE(at + 2);
  }
  return undefined;
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

function isFrameHeader(marker: number): boolean {
  const isSof = marker >= 0xc0 && marker <= 0xcf;
  return (isSof && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) || marker === 0xf7;
}

/**
 * Holds a code stream against its file's header before anything is decoded: a stream that lies about its
 * size takes no memory.
 */
export function assertStream(header: StreamHeader | undefined, layout: PixelLayout): StreamHeader {
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
  return header;
}
