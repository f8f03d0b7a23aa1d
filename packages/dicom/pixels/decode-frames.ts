import { closeSync, openSync, readSync } from 'node:fs';
import type { DecodedFrames, FrameRequest } from '../frame-request.ts';
import type { ByteRange, PixelLayout } from '../instance.ts';
import { applyPalette, interleave, spread422, ybrToRgb } from './colour.ts';
import { corruptFrame } from './decode-error.ts';
import { decodeStream, type StreamSamples } from './decode-stream.ts';
import { inflatedDataSet } from './inflated-data-set.ts';
import { nativeFrameBits, swapByteOrder, unpack12, unpackBits } from './native-frame.ts';
import { isPlain } from './plain-samples.ts';
import { rescaled } from './rescale.ts';
import { BYTES_OF, frameBytesOf, sampleTypeOf } from './sample-type.ts';
import { keepStoredBits } from './stored-bits.ts';
import { TRANSFER_SYNTAXES, type TransferSyntax } from './transfer-syntaxes.ts';
import { unsupported } from './unsupported.ts';

/** Reads bytes of the file, or of the data set that the file deflates. */
type Read = (range: ByteRange, into: Uint8Array) => void;

/**
 * Decodes some frames of one file (PS3.5 section 8): stored values, or float32 modality values when the
 * request has a rescale. Colours come interleaved as RGB.
 *
 * @param into the memory to decode into, of the size of the answer; without it, fresh memory
 * @throws SextantError VOLUME_CORRUPT, VOLUME_TRUNCATED, TRANSFER_SYNTAX_UNSUPPORTED
 */
export async function decodeFrames(
  request: FrameRequest,
  into?: Uint8Array<ArrayBuffer>,
): Promise<DecodedFrames> {
  const { layout, frames, rescale } = request;
  const syntax = syntaxOf(layout);
  const type = sampleTypeOf(layout);
  const frameBytes = frameBytesOf(layout);
  const stored =
    rescale === undefined ? (into ?? new Uint8Array(frameBytes * frames.length)) : undefined;
  const values =
    rescale === undefined
      ? undefined
      : floatsIn(into, request, frameBytes / (BYTES_OF[type.dtype] ?? 1));
  const scratch = stored === undefined ? new Uint8Array(frameBytes) : undefined;
  const { read, close } = openFile(request);
  try {
    for (const [n, frame] of frames.entries()) {
      const target =
        scratch ?? (stored as Uint8Array).subarray(n * frameBytes, (n + 1) * frameBytes);
      await decodeFrame({ request, syntax, frame, read, target });
      if (values !== undefined && rescale?.[n] !== undefined) {
        rescaled(
          target,
          type,
          rescale[n],
          values.subarray(
            n * (values.length / frames.length),
            (n + 1) * (values.length / frames.length),
          ),
        );
      }
    }
  } finally {
    close();
  }
  if (values !== undefined) {
    const { buffer, byteOffset, byteLength } = values;
    return {
      type: { ...type, dtype: 'float32' },
      bytes: new Uint8Array(buffer, byteOffset, byteLength),
    };
  }
  return { type, bytes: stored as Uint8Array<ArrayBuffer> };
}

function floatsIn(
  into: Uint8Array<ArrayBuffer> | undefined,
  { frames }: FrameRequest,
  samples: number,
): Float32Array<ArrayBuffer> {
  if (into === undefined) return new Float32Array(samples * frames.length);
  return new Float32Array(into.buffer, into.byteOffset, samples * frames.length);
}

/** The transfer syntax as the registry has it; a refusal by name for what is not decoded. */
function syntaxOf({
  transferSyntaxUid,
}: PixelLayout): TransferSyntax & { codec: NonNullable<TransferSyntax['codec']> } {
  const syntax = TRANSFER_SYNTAXES[transferSyntaxUid];
  if (syntax?.codec === undefined) throw unsupported(syntax?.name ?? transferSyntaxUid);
  return { ...syntax, codec: syntax.codec };
}

interface FrameJob {
  readonly request: FrameRequest;
  readonly syntax: ReturnType<typeof syntaxOf>;
  readonly frame: number;
  readonly read: Read;
  /** Where the decoded frame goes. */
  readonly target: Uint8Array;
}

async function decodeFrame({ request, syntax, frame, read, target }: FrameJob): Promise<void> {
  const { layout, location } = request;
  if (location.kind === 'native') {
    if (isPlain(layout)) return readPlain({ request, syntax, frame, read, target });
    const bytes = nativeFrame({ request, syntax, frame, read, target });
    return finish(
      { bytes, isPlanar: layout.planarConfiguration === 1, isRgb: false },
      layout,
      target,
    );
  }
  if (syntax.codec === 'native') throw corruptFrame('encapsulated pixel data', 'native pixel data');
  const stream = streamOf(location.frames[frame] ?? [], read);
  finish(await decodeStream(syntax.codec, stream, layout), layout, target);
}

function readPlain({ request: { layout, location }, syntax, frame, read, target }: FrameJob): void {
  if (location.kind !== 'native') return;
  if (syntax.isBigEndian && location.isInWords && layout.bitsAllocated === 8) {
    target.set(swappedBytes({ layout, location, frame, read, target }));
  } else {
    read([location.range[0] + frame * target.length, target.length], target);
    if (syntax.isBigEndian) swapByteOrder(target, layout.bitsAllocated / 8);
  }
  keepStoredBits(target, layout);
}

function nativeFrame({ request: { layout, location }, syntax, frame, read }: FrameJob): Uint8Array {
  if (location.kind !== 'native') return new Uint8Array();
  const bits = nativeFrameBits(layout);
  const firstBit = bits * frame;
  const offset = Math.floor(firstBit / 8);
  const bytes = new Uint8Array(Math.ceil((firstBit + bits) / 8) - offset);
  if (syntax.isBigEndian && location.isInWords && layout.bitsAllocated === 8) {
    return swappedBytes({ layout, location, frame, read, target: bytes });
  }
  if (syntax.isBigEndian && location.isInWords && layout.bitsAllocated === 1) {
    return unpackedWords({ location, firstBit, bits, read });
  }
  read([location.range[0] + offset, bytes.length], bytes);
  if (layout.bitsAllocated === 1) {
    const samples = new Uint8Array(bits);
    unpackBits(bytes, firstBit & 7, samples);
    return samples;
  }
  if (layout.bitsAllocated === 12) {
    const samples = new Uint8Array((bits / 12) * 2);
    unpack12(bytes, firstBit & 7, samples);
    return samples;
  }
  if (syntax.isBigEndian) swapByteOrder(bytes, layout.bitsAllocated / 8);
  return bytes;
}

/** Single bits in big endian words. */
function unpackedWords({
  location,
  firstBit,
  bits,
  read,
}: {
  location: { range: ByteRange };
  firstBit: number;
  bits: number;
  read: Read;
}): Uint8Array {
  const even = Math.floor(firstBit / 16) * 2;
  const words = new Uint8Array(Math.ceil((firstBit + bits) / 16) * 2 - even);
  const there = Math.min(words.length, location.range[1] - even);
  read([location.range[0] + even, there], words.subarray(0, there));
  swapByteOrder(words, 2);
  const samples = new Uint8Array(bits);
  unpackBits(words, firstBit - even * 8, samples);
  return samples;
}

/** Samples of 8 bits in big endian words: the bytes of a word have changed places (PS3.5 section 8.1.1). */
function swappedBytes({
  location,
  frame,
  read,
  target,
}: {
  layout: PixelLayout;
  location: { range: ByteRange };
  frame: number;
  read: Read;
  target: Uint8Array;
}): Uint8Array {
  const first = frame * target.length;
  const even = first & ~1;
  const words = new Uint8Array(Math.ceil((first + target.length - even) / 2) * 2);
  const there = Math.min(words.length, location.range[1] - even);
  read([location.range[0] + even, there], words.subarray(0, there));
  swapByteOrder(words, 2);
  return words.subarray(first - even, first - even + target.length);
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

function openFile({ path, location }: FrameRequest): { read: Read; close: () => void } {
  if (location.kind === 'native' && location.deflatedDataSetAt !== undefined) {
    const [start, length] = location.range;
    const all = inflatedDataSet(path, location.deflatedDataSetAt, start + length);
    const read: Read = ([offset, length], into) => {
      if (offset + length > all.length) throw corruptFrame('a short data set', `${length} bytes`);
      into.set(all.subarray(offset, offset + length));
    };
    return { read, close() {} };
  }
  const file = openSync(path, 'r');
  const read: Read = ([offset, length], into) => {
    for (let got = 0; got < length; ) {
      const count = readSync(file, into, got, length - got, offset + got);
      // It was longer when it was scanned.
      if (count === 0) throw corruptFrame(`${got} bytes`, `${length} bytes of pixel data`);
      got += count;
    }
  };
  return { read, close: () => closeSync(file) };
}
