import { inflateRawSync } from 'node:zlib';
import type { PixelLayout } from '../instance.ts';
import { corruptFrame } from './decode-error.ts';
import { withColoursTold } from './jpeg-colours.ts';
import { decodeJpegExtended } from './jpeg-extended.ts';
import { decodeJpegLossless } from './jpeg-lossless.ts';
import { nativeFrameBits } from './native-frame.ts';
import { decodeRle } from './rle.ts';
import { assertEnd, assertStream, jpeg2000Header, jpegHeader } from './stream-header.ts';
import { type Codec, TRANSFER_SYNTAXES } from './transfer-syntaxes.ts';
import { decodeWasm, type WasmCodec } from './wasm-decoder.ts';

/** Samples end to end, little endian, as wide as the layout allocates. */
export interface StreamSamples {
  readonly bytes: Uint8Array;
  readonly isPlanar: boolean;
  /** Already RGB, whatever the photometric interpretation says. */
  readonly isRgb: boolean;
}

/** Decodes one frame's code stream. Throws VOLUME_CORRUPT, TRANSFER_SYNTAX_UNSUPPORTED. */
export async function decodeStream(
  codec: Exclude<Codec, 'native'>,
  stream: Buffer,
  layout: PixelLayout,
): Promise<StreamSamples> {
  switch (codec) {
    case 'rle':
      return { bytes: decodeRle(stream, layout), isPlanar: true, isRgb: false };
    case 'deflated-frame':
      return { ...inflatedFrame(stream, layout), isRgb: false };
    case 'jpeg-lossless':
      return { bytes: decodeLossless(stream, layout), isPlanar: false, isRgb: false };
    case 'jpeg-extended':
      return decodeExtended(stream, layout);
    default:
      return await decodeByWasm(codec, stream, layout);
  }
}

function inflatedFrame(stream: Buffer, layout: PixelLayout) {
  const most = Math.ceil(nativeFrameBits(layout) / 8);
  try {
    // A padding byte may follow the samples.
    const bytes = inflateRawSync(stream, { maxOutputLength: most + 1 });
    if (bytes.length < most) throw new Error(`${bytes.length} bytes`);
    return { bytes: bytes.subarray(0, most), isPlanar: layout.planarConfiguration === 1 };
  } catch (error) {
    throw corruptFrame('a deflated frame that does not inflate', `${most} bytes`, error);
  }
}

function decodeLossless(stream: Buffer, layout: PixelLayout): Uint8Array {
  const { bits } = assertStream(stream, jpegHeader(stream), layout);
  const { rows, columns, samplesPerPixel: components } = layout;
  const samples = decodeJpegLossless(stream, { rows, columns, components, bits });
  if (layout.bitsAllocated <= 8) return Uint8Array.from(samples);
  const bytes = new Uint8Array(samples.buffer);
  return widened(bytes, { samples: samples.length, width: 2, layout });
}

/** By libgdcm where it is; colours come as they are coded. */
function decodeExtended(stream: Buffer, layout: PixelLayout): StreamSamples {
  assertStream(stream, jpegHeader(stream), layout);
  const { name } = TRANSFER_SYNTAXES[layout.transferSyntaxUid] ?? { name: 'JPEG Extended' };
  return { bytes: decodeJpegExtended(stream, layout, name), isPlanar: false, isRgb: false };
}

async function decodeByWasm(
  codec: WasmCodec,
  stream: Buffer,
  layout: PixelLayout,
): Promise<StreamSamples> {
  const isJpeg2000 = codec === 'jpeg-2000' || codec === 'htj2k';
  const ownHeader = isJpeg2000 ? jpeg2000Header(stream) : jpegHeader(stream);
  const { hasColourTransform } = assertStream(stream, ownHeader, layout);
  // OpenJPEG alone refuses a stream that ends early, and takes one that lacks no more than the marker.
  if (codec !== 'jpeg-2000') assertEnd(stream);
  const isJpeg = codec === 'jpeg-8bit';
  const taken = isJpeg ? withColoursTold(stream, layout) : stream;
  const { info, bytes, isPlanar } = await decodeWasm(codec, taken);
  const samples = layout.rows * layout.columns * layout.samplesPerPixel;
  const width = info.bitsPerSample > 8 ? 2 : 1;
  return {
    bytes: widened(bytes, { samples, width, layout }),
    isPlanar,
    isRgb: isJpeg || hasColourTransform,
  };
}

/** A stream of 8 bits in a layout of 16: one byte becomes two. */
function widened(
  bytes: Uint8Array,
  { samples, width, layout }: { samples: number; width: number; layout: PixelLayout },
): Uint8Array {
  if (bytes.length !== samples * width) {
    throw corruptFrame(`${bytes.length} decoded bytes`, `${samples * width} bytes`);
  }
  const allocated = layout.bitsAllocated > 8 ? (layout.bitsAllocated > 16 ? 4 : 2) : 1;
  if (allocated === width) return bytes;
  const wide = new Uint8Array(samples * allocated);
  for (let n = 0; n < samples; n++) {
    for (let byte = 0; byte < Math.min(width, allocated); byte++) {
      wide[n * allocated + byte] = bytes[n * width + byte] as number;
    }
  }
  return wide;
}
