import { SextantError } from '#errors';
import { Tensor } from '#kernels';
import { HOST_ORDER, swapBytes } from '../bytes/byte-order.ts';
import type { ByteReader } from '../bytes/byte-reader.ts';
import { checkEnd } from '../bytes/check-end.ts';
import { DEFAULT_VOLUME_LIMIT_BYTES, PIECE_BYTES } from '../bytes/limits.ts';
import { shownBytes } from '../bytes/shown-bytes.ts';
import { type ByteSource, openSource } from '../bytes/source.ts';
import type { ReadImageOptions } from '../read-image-options.ts';
import type { Volume, Warning } from '../volume.ts';
import { assertFrame } from './frame.ts';
import { interpretHeader, type NiftiHeader } from './header.ts';
import { headerPath, imageAmong, imagePathOf } from './pair.ts';
import { headerBytes, NIFTI1_HEADER_BYTES, parseRawHeader, truncatedHeader } from './raw-header.ts';

/**
 * Where an image is. Its content decides what it is, not its name; a path may name either file of
 * a pair, and `imagePath` an image that does not lie beside its header.
 */
export type NiftiSource = ByteSource & { readonly imagePath?: string };

export interface ReadNiftiOptions extends ReadImageOptions {
  /** Read only this frame, counted from 0 with the fourth axis fastest; the voxels are then 3D. */
  readonly frame?: number;
}

/**
 * Reads and checks a header, without its voxels.
 * @throws SextantError as `readNifti`
 */
export async function readNiftiHeader(
  source: NiftiSource,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<NiftiHeader> {
  const opened = await openHeader(source, signal);
  await opened.reader.close();
  return opened.header;
}

/**
 * Reads a NIfTI-1 or NIfTI-2 image: .nii or a pair, plain or gzip, either byte order. The voxels go
 * from the file into the tensor's memory in small pieces, in the host's byte order and otherwise as
 * they are stored; nothing is allocated before the header has passed all checks.
 *
 * @throws SextantError FILE_UNREADABLE, VOLUME_FORMAT_UNKNOWN, VOLUME_TYPE_UNSUPPORTED,
 *   VOLUME_CORRUPT, VOLUME_TRUNCATED, VOLUME_AFFINE_SINGULAR, VOLUME_TOO_LARGE,
 *   FRAME_OUT_OF_RANGE, CANCELLED
 * @example
 * using volume = await readNifti({ path: 'brain.nii.gz' });
 * volume.grid.shape; // [182, 218, 182]
 */
export async function readNifti(
  source: NiftiSource,
  { volumeLimitBytes = DEFAULT_VOLUME_LIMIT_BYTES, frame, reserve, signal }: ReadNiftiOptions = {},
): Promise<Volume & Disposable> {
  const opened = await openHeader(source, signal);
  const { header } = opened;
  const reader = await openVoxels(opened, signal);
  try {
    const part = storedPart(header, frame);
    assertWithinLimit(header, { part, reader, volumeLimitBytes });
    reserve?.(part.bytes);
    const place = { start: header.voxOffset + part.start, bytes: part.bytes };
    await skipTo(reader, place, opened.consumed(reader));
    const voxels = Tensor.empty(header.layout.component, part.shape, { order: 'F' });
    try {
      await fillVoxels(reader, voxels, { header, place });
      const trailing = part.isLast ? await checkEnd(reader) : [];
      return volumeOf(opened, { voxels, frames: part.frames, trailing });
    } catch (error) {
      voxels.dispose();
      throw error;
    }
  } finally {
    await reader.close();
  }
}

interface OpenedHeader {
  readonly header: NiftiHeader;
  readonly hasExtensions: boolean;
  readonly reader: ByteReader;
  readonly source: NiftiSource;
  readonly path: string | undefined;
  /** How many bytes of `reader` are behind it: those of the header, where the voxels follow it. */
  consumed(reader: ByteReader): number;
}

async function openHeader(
  source: NiftiSource,
  signal: AbortSignal | undefined,
): Promise<OpenedHeader> {
  const path = 'path' in source ? await headerPath(source.path) : undefined;
  const reader = await openSource(path === undefined ? source : { path }, signal);
  try {
    const bytes = await headerOf(reader);
    const header = interpretHeader(parseRawHeader(bytes));
    const extender = new Uint8Array(EXTENDER_BYTES);
    const length = bytes.length + (await reader.fill(extender));
    const hasRoom = !header.singleFile || header.voxOffset > length;
    const hasExtensions = extender[0] !== 0 && hasRoom;
    const consumed = (asked: ByteReader): number => (asked === reader ? length : 0);
    return { header, hasExtensions, reader, source, path, consumed };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

/** What follows a header: the first byte says whether extensions follow. */
const EXTENDER_BYTES = 4;

async function headerOf(reader: ByteReader): Promise<Uint8Array> {
  const start = new Uint8Array(NIFTI1_HEADER_BYTES);
  const got = await reader.fill(start);
  const length = headerBytes(start.subarray(0, got));
  if (got < start.length) throw truncatedHeader(got, length);
  const bytes = new Uint8Array(length);
  bytes.set(start);
  const more = await reader.fill(bytes.subarray(start.length));
  if (start.length + more < length) throw truncatedHeader(start.length + more, length);
  return bytes;
}

async function openVoxels(
  { header, reader, source, path }: OpenedHeader,
  signal: AbortSignal | undefined,
): Promise<ByteReader> {
  if (header.singleFile) return reader;
  await reader.close();
  if (path === undefined) {
    throw new SextantError('FILE_UNREADABLE', {
      subject: 'image',
      got: 'the header of a pair of files (.hdr and .img), without its image',
      expected: 'header and voxels in one piece',
      remedy: 'send the image as a single .nii or .nii.gz file',
    });
  }
  const given = 'path' in source && source.path !== path ? source.path : undefined;
  const beside = 'path' in source ? source.beside : undefined;
  const found = async () =>
    beside === undefined ? await imagePathOf(path) : imageAmong(path, beside);
  const imagePath = source.imagePath ?? given ?? (await found());
  return openSource({ path: imagePath }, signal);
}

/** The stored bytes that are to be read, and the shape they make. */
interface StoredPart {
  readonly start: number;
  readonly bytes: number;
  readonly shape: readonly number[];
  readonly frames: number;
  readonly isLast: boolean;
}

function storedPart(header: NiftiHeader, frame: number | undefined): StoredPart {
  const components = header.layout.components === 1 ? [] : [header.layout.components];
  const { frames, frameBytes } = header;
  if (frame === undefined) {
    const shape = [...components, ...header.grid.shape, ...header.dims.slice(3)];
    return { start: 0, bytes: frames * frameBytes, shape, frames, isLast: true };
  }
  assertFrame(header, frame);
  return {
    start: frame * frameBytes,
    bytes: frameBytes,
    shape: [...components, ...header.grid.shape],
    frames: 1,
    isLast: frame === frames - 1,
  };
}

/** Refuses what would not fit or cannot be there, before memory is taken for it. */
function assertWithinLimit(
  header: NiftiHeader,
  {
    part,
    reader,
    volumeLimitBytes,
  }: { part: StoredPart; reader: ByteReader; volumeLimitBytes: number },
): void {
  const end = header.voxOffset + part.start + part.bytes;
  // What is compressed has to be inflated up to its end, also where it is only passed over.
  const spent = reader.compressed ? end : part.bytes;
  if (spent > volumeLimitBytes) {
    throw new SextantError('VOLUME_TOO_LARGE', {
      subject: 'image',
      got: `${header.dims.join(' x ')} voxels of ${header.voxelType}, ${shownBytes(spent)}`,
      expected: `at most ${shownBytes(volumeLimitBytes)}`,
      remedy: 'crop or downsample the image, or raise --volume-limit',
    });
  }
  if (end > reader.mostBytes)
    throw truncated(end, reader.compressed ? undefined : reader.mostBytes);
}

/** Where the voxels that are read lie, in bytes from the beginning of what is read. */
interface Place {
  readonly start: number;
  readonly bytes: number;
}

async function skipTo(
  reader: ByteReader,
  { start, bytes }: Place,
  consumed: number,
): Promise<void> {
  const at = consumed + (await reader.skip(start - consumed));
  if (at < start) throw truncated(start + bytes, at);
}

async function fillVoxels(
  reader: ByteReader,
  voxels: Tensor,
  { header, place }: { header: NiftiHeader; place: Place },
): Promise<void> {
  const memory = voxels.bytes();
  const width = header.layout.bitpix / 8 / header.layout.components;
  const swap = width > 1 && header.byteOrder !== HOST_ORDER;
  for (let start = 0; start < memory.length; start += PIECE_BYTES) {
    const piece = memory.subarray(start, start + PIECE_BYTES);
    const filled = await reader.fill(piece);
    if (filled < piece.length) {
      throw truncated(place.start + memory.length, place.start + start + filled);
    }
    if (swap) swapBytes(piece, width);
  }
}

function volumeOf(
  { header, hasExtensions }: OpenedHeader,
  { voxels, frames, trailing }: { voxels: Tensor; frames: number; trailing: Warning[] },
): Volume & Disposable {
  const dispose = (): void => voxels.dispose();
  return {
    grid: header.grid,
    placement: header.placement,
    dtype: header.voxelType,
    voxels,
    scale: { slope: header.slope, intercept: header.intercept },
    frames,
    timeStepSeconds: frames > 1 ? header.timeStepSeconds : undefined,
    hasExtensions,
    warnings: [...header.warnings, ...trailing],
    dispose,
    [Symbol.dispose]: dispose,
  };
}

function truncated(expected: number, got: number | undefined): SextantError {
  return new SextantError('VOLUME_TRUNCATED', {
    subject: 'image',
    got: got === undefined ? 'a file too small to hold them' : `${got} bytes`,
    expected: `${expected} bytes, as its header says`,
    remedy: 'copy or download the file again',
  });
}
