import { corruptFrame } from './decode-error.ts';

/** The part of the decoders' modules that is used. */
interface DecoderClass {
  new (): {
    getEncodedBuffer(bytes: number): Uint8Array;
    decode(): void;
    getDecodedBuffer(): Uint8Array;
    getFrameInfo(): FrameInfo;
    getInterleaveMode?(): number;
    delete(): void;
  };
}

export interface FrameInfo {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
}

type Load = (options: { print(): void; printErr(): void }) => Promise<Record<string, unknown>>;

const SOURCES = {
  'jpeg-2000': ['J2KDecoder', () => import('@cornerstonejs/codec-openjpeg/decodewasmjs')],
  'jpeg-ls': ['JpegLSDecoder', () => import('@cornerstonejs/codec-charls/decodewasmjs')],
  htj2k: ['HTJ2KDecoder', () => import('@cornerstonejs/codec-openjph/wasmjs')],
  'jpeg-8bit': [
    'JPEGDecoder',
    () => import('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs'),
  ],
} as const satisfies Record<string, readonly [string, () => Promise<{ default: Load }>]>;

export type WasmCodec = keyof typeof SOURCES;

/**
 * A module's memory only grows. Beyond this it is left to the collector and loaded anew.
 * @internal
 */
export const LARGEST_KEPT_HEAP_BYTES = 256 * 2 ** 20;

const loaded = new Map<WasmCodec, Promise<Record<string, unknown>>>();

/**
 * Decodes one code stream: samples end to end, colours interleaved, one byte each up to 8 bits, else two
 * little endian. The bytes are a copy. Streams are checked by `assertStream` before.
 *
 * @throws SextantError VOLUME_CORRUPT
 */
export async function decodeWasm(codec: WasmCodec, stream: Uint8Array): Promise<DecodedStream> {
  const module = await moduleOf(codec);
  const Decoder = module[SOURCES[codec][0]] as DecoderClass;
  const decoder = new Decoder();
  try {
    decoder.getEncodedBuffer(stream.length).set(stream);
    decoder.decode();
    const info = { ...decoder.getFrameInfo() };
    const decoded = decoder.getDecodedBuffer();
    const { width, height, componentCount, bitsPerSample } = info;
    const expected = width * height * componentCount * (bitsPerSample > 8 ? 2 : 1);
    // OpenJPEG gives no bytes, and no error, for a broken stream.
    if (decoded.length < expected || expected === 0) {
      throw corruptFrame('a code stream that ends early or is broken', 'a whole one');
    }
    // JPEG-LS alone may code one component after the other (T.87 C.2.3, ILV 0).
    const isPlanar = codec === 'jpeg-ls' && decoder.getInterleaveMode?.() === 0;
    return { info, isPlanar, bytes: Uint8Array.from(decoded.subarray(0, expected)) };
  } catch (error) {
    // After an exception out of it the module's memory is in no known state.
    loaded.delete(codec);
    if (error instanceof Error && error.name === 'SextantError') throw error;
    throw corruptFrame('a code stream that cannot be decoded', 'a whole one', error);
  } finally {
    decoder.delete();
    forgetIfLarge(codec, module);
  }
}

export interface DecodedStream {
  readonly info: FrameInfo;
  readonly isPlanar: boolean;
  readonly bytes: Uint8Array;
}

function moduleOf(codec: WasmCodec): Promise<Record<string, unknown>> {
  const known = loaded.get(codec);
  if (known !== undefined) return known;
  const loading = SOURCES[codec]
    [1]()
    .then(({ default: load }) => (load as Load)({ print() {}, printErr() {} }));
  loaded.set(codec, loading);
  return loading;
}

function forgetIfLarge(codec: WasmCodec, module: Record<string, unknown>): void {
  const heap = module.HEAPU8 as Uint8Array | undefined;
  if (heap !== undefined && heap.length > LARGEST_KEPT_HEAP_BYTES) loaded.delete(codec);
}
