import { readFile, stat } from 'node:fs/promises';
import { PNG } from 'pngjs';
import { errnoWords, SextantError } from '#errors';
import { Tensor } from '#kernels';

/** Where a PNG's header has its width, height, bit depth and colour type (PNG specification, 11.2.2). */
const IHDR_END = 26;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Pixels of a picture: more than any slide scanner's tile has.
 * @internal
 */
const MOST_PIXELS = 2 ** 28;

/** Channels of each colour type; a palette becomes colours. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 3, 4: 2, 6: 4 };

/**
 * The pixels of a PNG file, [channel, row, column, 1], uint8 or uint16; the caller disposes them. Its
 * size is held against a limit before anything is inflated.
 *
 * @throws SextantError FILE_UNREADABLE, VOLUME_FORMAT_UNKNOWN, VOLUME_TOO_LARGE, VOLUME_CORRUPT
 */
export async function readPng(path: string): Promise<Tensor> {
  const bytes = await fileBytes(path);
  if (bytes.length < IHDR_END || !bytes.subarray(0, 8).equals(SIGNATURE)) throw noPng(path);
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  if (width * height > MOST_PIXELS) throw tooLarge(path, width, height);
  const [bits, colourType] = [bytes[24] ?? 0, bytes[25] ?? 0];
  // Of 16 bits a number each, otherwise bytes.
  const { data: samples } = decoded(path, bytes, bits === 16);
  const dtype = bits === 16 ? 'uint16' : 'uint8';
  const channels = CHANNELS[colourType] ?? 0;
  // The decoder always gives red, green, blue and opacity.
  const sources = channels === 2 ? [0, 3] : [0, 1, 2, 3].slice(0, channels);
  const planes =
    bits === 16
      ? new Uint16Array(channels * width * height)
      : new Uint8Array(channels * width * height);
  for (const [channel, source] of sources.entries()) {
    const start = channel * width * height;
    for (let n = 0; n < width * height; n++) planes[start + n] = samples[4 * n + source] as number;
  }
  return Tensor.fromArray(dtype, [channels, height, width, 1], planes);
}

async function fileBytes(path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > MOST_PIXELS) throw tooLarge(path, size, 1);
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof SextantError) throw cause;
    const facts = { subject: path, got: errnoWords(cause), expected: 'a PNG file' };
    throw new SextantError('FILE_UNREADABLE', { ...facts, cause });
  }
}

function decoded(path: string, bytes: Buffer, skipRescale: boolean): { data: ArrayLike<number> } {
  try {
    return PNG.sync.read(bytes, { skipRescale });
  } catch (cause) {
    throw new SextantError('VOLUME_CORRUPT', {
      subject: path,
      got: cause instanceof Error ? cause.message : String(cause),
      expected: 'a whole PNG',
      remedy: 'copy or export the picture again',
      cause,
    });
  }
}

function noPng(path: string): SextantError {
  return new SextantError('VOLUME_FORMAT_UNKNOWN', {
    subject: path,
    got: 'a file that does not begin as a PNG does',
    expected: 'a PNG',
  });
}

function tooLarge(path: string, width: number, height: number): SextantError {
  return new SextantError('VOLUME_TOO_LARGE', {
    subject: path,
    got: `${width} x ${height} pixels`,
    expected: `at most ${MOST_PIXELS}`,
    remedy: 'cut the picture into tiles',
  });
}
