import { SextantError } from '#errors';
import { openBeside, withRest } from '../bytes/after-header.ts';
import type { ByteReader } from '../bytes/byte-reader.ts';
import { inflatedReader } from '../bytes/inflated-reader.ts';
import { DEFAULT_VOLUME_LIMIT_BYTES } from '../bytes/limits.ts';
import { readTensor, truncatedVoxels } from '../bytes/read-tensor.ts';
import { type ByteSource, openSource } from '../bytes/source.ts';
import { readTextHeader, type TextHeader } from '../bytes/text-header.ts';
import type { ReadImageOptions } from '../read-image-options.ts';
import type { Volume } from '../volume.ts';
import { broken } from './fields.ts';
import { interpretHeader, type MetaImageHeader } from './header.ts';

/**
 * Reads and checks a header, without its voxels.
 * @throws SextantError as `readMetaImage`
 */
export async function readMetaImageHeader(
  source: ByteSource,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<MetaImageHeader> {
  const { header, reader } = await openHeader(source, signal);
  await reader.close();
  return header;
}

/**
 * Reads a MetaImage: .mha, or .mhd with its .raw or .zraw beside it; all element types, both byte orders,
 * two to four axes.
 *
 * @throws SextantError VOLUME_FORMAT_UNKNOWN, VOLUME_CORRUPT, VOLUME_TRUNCATED, VOLUME_TYPE_UNSUPPORTED,
 *   VOLUME_AFFINE_SINGULAR, VOLUME_TOO_LARGE, FILE_UNREADABLE, CANCELLED
 */
export async function readMetaImage(
  source: ByteSource,
  { volumeLimitBytes = DEFAULT_VOLUME_LIMIT_BYTES, reserve, signal }: ReadImageOptions = {},
): Promise<Volume & Disposable> {
  const { header, found, reader } = await openHeader(source, signal);
  let data: ByteReader = reader;
  try {
    const isLocal = header.dataFile.toUpperCase() === 'LOCAL';
    if (isLocal) data = withRest(reader, found);
    else {
      await reader.close();
      data = await openBeside(source, header.dataFile, signal);
    }
    const { voxels, warnings } = await voxelsOf(data, header, {
      ...{ volumeLimitBytes, reserve, signal },
      behind: isLocal ? found.bytes : 0,
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

const LAST_FIELD = /^\s*ElementDataFile\s*=/;

async function openHeader(
  source: ByteSource,
  signal: AbortSignal | undefined,
): Promise<{ header: MetaImageHeader; found: TextHeader; reader: ByteReader }> {
  const reader = await openSource(source, signal);
  try {
    const found = await readTextHeader(reader, (line) => LAST_FIELD.test(line));
    if (found === undefined || !LAST_FIELD.test(found.lines.at(-1) ?? '')) throw unknown();
    return { header: interpretHeader(found.lines), found, reader };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

async function voxelsOf(
  data: ByteReader,
  header: MetaImageHeader,
  {
    signal,
    behind,
    ...limits
  }: Required<Pick<ReadImageOptions, 'volumeLimitBytes'>> &
    ReadImageOptions & {
      /** Bytes of the file that the header has taken. */
      readonly behind: number;
    },
) {
  const { grid, components, frames, width, component: dtype, byteOrder } = header;
  const shape = [
    ...(components > 1 ? [components] : []),
    ...grid.shape,
    ...(frames > 1 ? [frames] : []),
  ];
  await data.skip(bytesToSkip(header, { behind, left: data.mostBytes }));
  const reader = header.isCompressed ? inflatedReader(data, { format: 'zlib', signal }) : data;
  return await readTensor(reader, { dtype, width, shape, byteOrder }, limits);
}

/** As ITK counts: HeaderSize from the beginning of the file, -1 from its end. */
function bytesToSkip(
  { headerSize, isCompressed, voxelBytes }: MetaImageHeader,
  { behind, left }: { behind: number; left: number },
): number {
  if (headerSize === 0) return 0;
  if (headerSize > 0) {
    if (headerSize >= behind) return headerSize - behind;
    throw broken('HeaderSize', String(headerSize), `${behind} or more: the header is as long`);
  }
  if (headerSize !== -1 || isCompressed || !Number.isFinite(left)) {
    const expected = '0 or more; -1 only for a file of voxels that are not compressed';
    throw broken('HeaderSize', String(headerSize), expected);
  }
  if (left < voxelBytes) throw truncatedVoxels(voxelBytes, left);
  return left - voxelBytes;
}

function unknown(): SextantError {
  return new SextantError('VOLUME_FORMAT_UNKNOWN', {
    subject: 'image',
    got: 'no MetaImage header that ends with ElementDataFile',
    expected: 'a .mha or .mhd file',
  });
}
