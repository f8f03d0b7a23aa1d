import { SextantError } from '#errors';
import { move, Tensor } from '#kernels';
import { openBeside, withRest } from '../bytes/after-header.ts';
import type { ByteReader } from '../bytes/byte-reader.ts';
import { inflatedReader } from '../bytes/inflated-reader.ts';
import { readTensor, truncatedVoxels } from '../bytes/read-tensor.ts';
import { type ByteSource, openSource } from '../bytes/source.ts';
import { readTextHeader } from '../bytes/text-header.ts';
import type { ReadImageOptions } from '../read-image-options.ts';
import type { Volume, Warning } from '../volume.ts';
import { asciiReader } from './ascii.ts';
import { interpretNrrd, type NrrdHeader, unsupported } from './header.ts';
import { DEFAULT_LIMIT_BYTES } from './limits.ts';

/**
 * Reads an NRRD: .nrrd, or .nhdr with its data file beside it; raw, gzip or ascii; two to four axes and
 * colours, in RAS, LAS or LPS.
 *
 * @throws SextantError VOLUME_FORMAT_UNKNOWN, VOLUME_CORRUPT, VOLUME_TRUNCATED, VOLUME_TYPE_UNSUPPORTED,
 *   VOLUME_AFFINE_SINGULAR, VOLUME_TOO_LARGE, FILE_UNREADABLE, CANCELLED
 */
export async function readNrrd(
  source: ByteSource,
  { volumeLimitBytes = DEFAULT_LIMIT_BYTES, reserve, signal }: ReadImageOptions = {},
): Promise<Volume & Disposable> {
  const reader = await openSource(source, signal, { raw: true });
  let data: ByteReader = reader;
  try {
    const found = await readTextHeader(reader, (line) => line === '');
    if (found === undefined || !/^NRRD000[1-5]/.test(found.lines[0] ?? '')) throw unknown();
    const header = interpretNrrd(found.lines);
    if (header.dataFile === undefined) data = withRest(reader, found);
    else {
      await reader.close();
      data = await openBeside(source, oneFile(header.dataFile), signal);
    }
    const voxels = await voxelsOf(data, header, { volumeLimitBytes, reserve, signal });
    return volumeOf(header, voxels);
  } finally {
    await data.close();
  }
}

function volumeOf(header: NrrdHeader, voxels: Tensor): Volume & Disposable {
  const { shape, affine, dtype, scale, frames, timeStepSeconds, isUnplaced } = header;
  const dispose = (): void => voxels.dispose();
  const message = 'the header names no space: its axes were taken for right, front and head';
  const warnings: Warning[] = isUnplaced ? [{ reason: 'ORIENTATION_UNKNOWN', message }] : [];
  return {
    grid: { shape, affine },
    dtype,
    voxels,
    scale,
    frames,
    timeStepSeconds,
    warnings,
    dispose,
    [Symbol.dispose]: dispose,
  };
}

async function voxelsOf(
  data: ByteReader,
  header: NrrdHeader,
  { signal, ...limits }: { volumeLimitBytes: number } & Omit<ReadImageOptions, 'volumeLimitBytes'>,
): Promise<Tensor> {
  const { component: dtype, width, byteOrder, encoding, componentsLast } = header;
  const shape = storedShape(header);
  const skipped = await skipLines(data, header.lineSkip);
  const unpacked = encoding === 'gzip' ? inflatedReader(data, { format: 'gzip', signal }) : data;
  const bytes = shape.reduce((product, extent) => product * extent, width);
  await skipBytes(unpacked, header, { bytes, left: data.mostBytes - skipped });
  const reader = encoding === 'ascii' ? asciiReader(unpacked, dtype, width) : unpacked;
  const voxels = await readTensor(reader, { dtype, width, shape, byteOrder }, limits);
  if (!componentsLast) return voxels;
  try {
    return await componentsFirst(voxels, signal);
  } finally {
    voxels.dispose();
  }
}

function storedShape({ shape, frames, components, componentsLast }: NrrdHeader): number[] {
  const inner = [...shape, ...(frames > 1 ? [frames] : [])];
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

/** Lines of another header before the voxels; gives their bytes. */
async function skipLines(data: ByteReader, lines: number): Promise<number> {
  const byte = new Uint8Array(1);
  let bytes = 0;
  for (let left = lines; left > 0; ) {
    if ((await data.fill(byte)) === 0) throw truncatedVoxels(1, 0);
    bytes++;
    if (byte[0] === 0x0a) left--;
  }
  return bytes;
}

async function skipBytes(
  data: ByteReader,
  { byteSkip, encoding }: NrrdHeader,
  { bytes, left }: { bytes: number; left: number },
): Promise<void> {
  if (byteSkip > 0) await data.skip(byteSkip);
  if (byteSkip !== -1) return;
  if (encoding !== 'raw') throw unsupported('byte skip', '-1', '-1 only with encoding raw');
  // From the end of a stream, whose length nobody knows, nothing can be counted.
  if (!Number.isFinite(left))
    throw unsupported('byte skip', '-1', 'a count, where the image is a stream');
  if (left < bytes) throw truncatedVoxels(bytes, left);
  await data.skip(left - bytes);
}

function oneFile(name: string): string {
  if (!/^LIST\b/.test(name) && !/%\d*d/.test(name)) return name;
  throw unsupported('data file', name, 'the name of one file');
}

function unknown(): SextantError {
  return new SextantError('VOLUME_FORMAT_UNKNOWN', {
    subject: 'image',
    got: 'no header that begins with NRRD0001 to NRRD0005',
    expected: 'a .nrrd or .nhdr file',
  });
}
