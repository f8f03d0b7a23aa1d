import { SextantError } from '#errors';
import { move, Tensor } from '#kernels';
import { openBeside, withRest } from '../bytes/after-header.ts';
import type { ByteReader } from '../bytes/byte-reader.ts';
import { inflatedReader } from '../bytes/inflated-reader.ts';
import { DEFAULT_VOLUME_LIMIT_BYTES } from '../bytes/limits.ts';
import { readTensor, truncatedVoxels } from '../bytes/read-tensor.ts';
import { type ByteSource, openSource } from '../bytes/source.ts';
import { readTextHeader, type TextHeader } from '../bytes/text-header.ts';
import type { ReadImageOptions } from '../read-image-options.ts';
import type { Volume } from '../volume.ts';
import { afterLines } from './after-lines.ts';
import { asciiReader } from './ascii.ts';
import { interpretNrrd, type NrrdHeader, unsupported } from './header.ts';

/**
 * Reads and checks a header, without its voxels.
 * @throws SextantError as `readNrrd`
 */
export async function readNrrdHeader(
  source: ByteSource,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<NrrdHeader> {
  const { header, reader } = await openHeader(source, signal);
  await reader.close();
  return header;
}

/**
 * Reads an NRRD: .nrrd, or .nhdr with its data file beside it; raw, gzip or ascii; two to four axes and
 * colours, in RAS, LAS or LPS.
 *
 * @throws SextantError VOLUME_FORMAT_UNKNOWN, VOLUME_CORRUPT, VOLUME_TRUNCATED, VOLUME_TYPE_UNSUPPORTED,
 *   VOLUME_AFFINE_SINGULAR, VOLUME_TOO_LARGE, FILE_UNREADABLE, CANCELLED
 */
export async function readNrrd(
  source: ByteSource,
  { volumeLimitBytes = DEFAULT_VOLUME_LIMIT_BYTES, reserve, signal }: ReadImageOptions = {},
): Promise<Volume & Disposable> {
  const { header, found, reader } = await openHeader(source, signal);
  let data: ByteReader = reader;
  try {
    if (header.dataFile === undefined) data = withRest(reader, found);
    else {
      await reader.close();
      data = await openBeside(source, header.dataFile, signal);
    }
    const { voxels, warnings } = await voxelsOf(data, header, {
      volumeLimitBytes,
      reserve,
      signal,
    });
    const dispose = (): void => voxels.dispose();
    const { grid, dtype, scale, frames, timeStepSeconds } = header;
    return {
      ...{ grid, dtype, voxels, scale, frames, timeStepSeconds },
      warnings: [...header.warnings, ...warnings],
      dispose,
      [Symbol.dispose]: dispose,
    };
  } finally {
    await data.close();
  }
}

async function openHeader(
  source: ByteSource,
  signal: AbortSignal | undefined,
): Promise<{ header: NrrdHeader; found: TextHeader; reader: ByteReader }> {
  const reader = await openSource(source, signal, { raw: true });
  try {
    const found = await readTextHeader(reader, (line) => line === '');
    if (found === undefined || !/^NRRD000[1-5]/.test(found.lines[0] ?? '')) throw unknown();
    return { header: interpretNrrd(found.lines), found, reader };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

async function voxelsOf(
  data: ByteReader,
  header: NrrdHeader,
  { signal, ...limits }: { volumeLimitBytes: number } & Omit<ReadImageOptions, 'volumeLimitBytes'>,
): Promise<Awaited<ReturnType<typeof readTensor>>> {
  const { component: dtype, width, byteOrder, encoding, componentsLast } = header;
  const shape = storedShape(header);
  const behind = await afterLines(data, header.lineSkip);
  const unpacked =
    encoding === 'gzip' ? inflatedReader(behind, { format: 'gzip', signal }) : behind;
  await skipBytes(unpacked, header);
  const reader = encoding === 'ascii' ? asciiReader(unpacked, dtype, width) : unpacked;
  const read = await readTensor(reader, { dtype, width, shape, byteOrder }, limits);
  if (!componentsLast) return read;
  try {
    return { ...read, voxels: await componentsFirst(read.voxels, signal) };
  } finally {
    read.voxels.dispose();
  }
}

function storedShape({ grid, frames, components, componentsLast }: NrrdHeader): number[] {
  const inner = [...grid.shape, ...(frames > 1 ? [frames] : [])];
  if (components === 1) return inner;
  return componentsLast ? [...inner, components] : [components, ...inner];
}

async function componentsFirst(voxels: Tensor, signal: AbortSignal | undefined): Promise<Tensor> {
  const last = voxels.shape.length - 1;
  const view = voxels.permute([last, ...voxels.shape.slice(0, last).map((_, axis) => axis)]);
  const dense = Tensor.empty(voxels.dtype, view.shape, { order: 'F' });
  try {
    await move({ input: view, output: dense, ...(signal === undefined ? {} : { signal }) });
    return dense;
  } catch (error) {
    dense.dispose();
    throw error;
  } finally {
    view.dispose();
  }
}

async function skipBytes(
  data: ByteReader,
  { byteSkip, encoding, voxelBytes }: NrrdHeader,
): Promise<void> {
  if (byteSkip > 0) await data.skip(byteSkip);
  if (byteSkip !== -1) return;
  if (encoding !== 'raw') throw unsupported('byte skip', '-1', '-1 only with encoding raw');
  const left = data.mostBytes;
  // From the end of a stream, whose length nobody knows, nothing can be counted.
  if (!Number.isFinite(left))
    throw unsupported('byte skip', '-1', 'a count, where the image is a stream');
  if (left < voxelBytes) throw truncatedVoxels(voxelBytes, left);
  await data.skip(left - voxelBytes);
}

function unknown(): SextantError {
  return new SextantError('VOLUME_FORMAT_UNKNOWN', {
    subject: 'image',
    got: 'no header that begins with NRRD0001 to NRRD0005',
    expected: 'a .nrrd or .nhdr file',
  });
}
