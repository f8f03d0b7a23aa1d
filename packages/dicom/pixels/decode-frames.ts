import type { DecodedFrames, FrameRequest } from '../frame-request.ts';
import type { ByteRange, PixelLayout, Rescale } from '../instance.ts';
import { applyPalette, interleave, spread422, ybrToRgb } from './colour.ts';
import { corruptFrame } from './decode-error.ts';
import { decodeStream, type StreamSamples } from './decode-stream.ts';
import { unpackBits } from './native-frame.ts';
import { openPixels, type Read } from './open-pixels.ts';
import { isPlain } from './plain-samples.ts';
import { nativeFrame, readNative } from './read-native.ts';
import { rescaled } from './rescale.ts';
import { BYTES_OF, frameBytesOf, sampleTypeOf } from './sample-type.ts';
import { keepStoredBits } from './stored-bits.ts';
import { type Codec, TRANSFER_SYNTAXES } from './transfer-syntaxes.ts';
import { unsupported } from './unsupported.ts';

export interface DecodeOptions {
  /** The memory to decode into, of the size of the answer; without it, fresh memory. */
  readonly into?: Uint8Array<ArrayBuffer>;
  /** Hears of each frame that is done. */
  readonly onFrame?: () => void;
}

/**
 * Decodes some frames of one file (PS3.5 section 8): stored values, or float32 modality values when the
 * request has a rescale. Colours come interleaved as RGB.
 *
 * @throws SextantError VOLUME_CORRUPT, VOLUME_TRUNCATED, TRANSFER_SYNTAX_UNSUPPORTED, DECODER_STALLED
 */
export async function decodeFrames(
  request: FrameRequest,
  options: DecodeOptions = {},
): Promise<DecodedFrames> {
  const codec = codecOf(request.layout);
  const { read, close } = openPixels(request);
  const decode: DecodeFrame = async (frame, target) => {
    await decodeFrame({ request, codec, read }, frame, target);
    options.onFrame?.();
  };
  try {
    const { rescale } = request;
    if (rescale === undefined) return await storedValues(request, decode, options);
    return await modalityValues({ ...request, rescale }, decode, options);
  } finally {
    close();
  }
}

/** Decodes one frame into its memory. */
type DecodeFrame = (frame: number, target: Uint8Array) => Promise<void>;

async function storedValues(
  { layout, frames }: FrameRequest,
  decode: DecodeFrame,
  { into }: DecodeOptions,
): Promise<DecodedFrames> {
  const frameBytes = frameBytesOf(layout);
  const bytes = into ?? new Uint8Array(frameBytes * frames.length);
  for (const [n, frame] of frames.entries()) {
    await decode(frame, bytes.subarray(n * frameBytes, (n + 1) * frameBytes));
  }
  return { type: sampleTypeOf(layout), bytes };
}

async function modalityValues(
  { layout, frames, rescale }: FrameRequest & { readonly rescale: readonly Rescale[] },
  decode: DecodeFrame,
  { into }: DecodeOptions,
): Promise<DecodedFrames> {
  const type = sampleTypeOf(layout);
  const stored = new Uint8Array(frameBytesOf(layout));
  const samples = stored.length / (BYTES_OF[type.dtype] ?? 1);
  const bytes = into ?? new Uint8Array(samples * frames.length * 4);
  const values = new Float32Array(bytes.buffer, bytes.byteOffset, samples * frames.length);
  for (const [n, frame] of frames.entries()) {
    await decode(frame, stored);
    rescaled(stored, type, rescale[n] as Rescale, values.subarray(n * samples, (n + 1) * samples));
  }
  return { type: { ...type, dtype: 'float32' }, bytes };
}

/** How the frames are coded; a refusal by name for what is not decoded. */
function codecOf({ transferSyntaxUid }: PixelLayout): Codec {
  const syntax = TRANSFER_SYNTAXES[transferSyntaxUid];
  if (syntax?.codec === undefined) throw unsupported(syntax?.name ?? transferSyntaxUid);
  return syntax.codec;
}

async function decodeFrame(
  { request, codec, read }: { request: FrameRequest; codec: Codec; read: Read },
  frame: number,
  target: Uint8Array,
): Promise<void> {
  const { layout, location } = request;
  if (location.kind === 'native') {
    const pixels = { layout, location, read };
    if (isPlain(layout)) {
      readNative(pixels, frame * target.length, target);
      keepStoredBits(target, layout);
      return;
    }
    const isPlanar = layout.planarConfiguration === 1;
    finish({ bytes: nativeFrame(pixels, frame), isPlanar, isRgb: false }, layout, target);
    return;
  }
  if (codec === 'native') throw corruptFrame('encapsulated pixel data', 'native pixel data');
  const stream = streamOf(location.frames[frame] ?? [], read);
  finish(await decodeStream(codec, stream, layout), layout, target);
}

function streamOf(fragments: readonly ByteRange[], read: Read): Buffer {
  const length = fragments.reduce((sum, [, bytes]) => sum + bytes, 0);
  const stream = Buffer.alloc(length);
  let at = 0;
  for (const range of fragments) {
    read(range, stream.subarray(at, at + range[1]));
    at += range[1];
  }
  return stream;
}

/** Samples as decoded to what is asked for: stored bits, interleaved colours, RGB. */
function finish(
  { bytes, isPlanar, isRgb }: StreamSamples,
  layout: PixelLayout,
  target: Uint8Array,
): void {
  const { photometric, samplesPerPixel, bitsAllocated } = layout;
  let samples = bytes;
  if (bitsAllocated === 1 && bytes.length * 8 >= target.length && bytes.length < target.length) {
    samples = new Uint8Array(target.length);
    unpackBits(bytes, 0, samples);
  }
  samples = aligned(samples);
  keepStoredBits(samples, layout);
  if (photometric === 'PALETTE COLOR' && layout.palette !== undefined) {
    samples = applyPalette(indicesOf(samples, layout), layout.palette);
  } else if (samplesPerPixel >= 3) {
    if (photometric === 'YBR_FULL_422' && samples.length < target.length)
      samples = spread422(samples, layout);
    else if (isPlanar) samples = interleave(samples, Math.ceil(bitsAllocated / 8));
    if (!isRgb && photometric.startsWith('YBR_FULL')) ybrToRgb(samples);
  }
  if (samples.length !== target.length) {
    throw corruptFrame(`${samples.length} bytes of samples`, `${target.length} bytes`);
  }
  target.set(samples);
}

/** Typed views of 16 and 32 bits need their alignment. */
function aligned(samples: Uint8Array): Uint8Array {
  return samples.byteOffset % 4 === 0 ? samples : Uint8Array.from(samples);
}

function indicesOf(samples: Uint8Array, { bitsAllocated, isSigned }: PixelLayout) {
  const { buffer, byteOffset, byteLength } = samples;
  if (bitsAllocated <= 8) return isSigned ? new Int8Array(buffer, byteOffset, byteLength) : samples;
  const count = byteLength / 2;
  return isSigned
    ? new Int16Array(buffer, byteOffset, count)
    : new Uint16Array(buffer, byteOffset, count);
}
