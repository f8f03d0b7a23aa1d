import { SextantError } from '#errors';
import { openBeside, withRest } from '../bytes/after-header.ts';
import type { ByteReader } from '../bytes/byte-reader.ts';
import { inflatedReader } from '../bytes/inflated-reader.ts';
import { readTensor, truncatedVoxels } from '../bytes/read-tensor.ts';
import { type ByteSource, openSource } from '../bytes/source.ts';
import { readTextHeader } from '../bytes/text-header.ts';
import type { ReadImageOptions } from '../read-image-options.ts';
import type { Volume } from '../volume.ts';
import { broken } from './fields.ts';
import { interpretHeader, type MetaImageHeader } from './header.ts';
import { DEFAULT_LIMIT_BYTES } from './limits.ts';

/**
 * Reads a MetaImage: .mha, or .mhd with its .raw or .zraw beside it; all element types, both byte orders,
 * two to four axes.
 *
 * @throws SextantError VOLUME_FORMAT_UNKNOWN, VOLUME_CORRUPT, VOLUME_TRUNCATED, VOLUME_TYPE_UNSUPPORTED,
 *   VOLUME_AFFINE_SINGULAR, VOLUME_TOO_LARGE, FILE_UNREADABLE, CANCELLED
 */
export async function readMetaImage(
  source: ByteSource,
  { volumeLimitBytes = DEFAULT_LIMIT_BYTES, reserve, signal }: ReadImageOptions = {},
): Promise<Volume & Disposable> {
  const reader = await openSource(source, signal);
  let data: ByteReader = reader;
  try {
    const found = await readTextHeader(reader, (line) => /^\s*ElementDataFile\s*=/.test(line));
    if (found === undefined || !found.lines.some((line) => /^\s*ElementDataFile\s*=/.test(line))) {
      throw unknown();
    }
    const header = interpretHeader(found.lines);
    const isLocal = header.dataFile.toUpperCase() === 'LOCAL';
    if (isLocal) data = withRest(reader, found);
    else {
      await reader.close();
      data = await openBeside(source, dataFileOf(header), signal);
    }
    const voxels = await voxelsOf(data, header, {
      ...{ volumeLimitBytes, reserve, signal },
      behind: isLocal ? found.bytes : 0,
    });
    const dispose = (): void => voxels.dispose();
    const { shape, affine, dtype, scale, frames, timeStepSeconds } = header;
    return {
      grid: { shape, affine },
      dtype,
      voxels,
      scale,
      frames,
      timeStepSeconds,
      warnings: [],
      dispose,
      [Symbol.dispose]: dispose,
    };
  } finally {
    await data.close();
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
  const { shape, components, frames, width, component: dtype, byteOrder } = header;
  const all = [...(components > 1 ? [components] : []), ...shape, ...(frames > 1 ? [frames] : [])];
  const bytes = all.reduce((product, extent) => product * extent, width);
  await data.skip(bytesToSkip(header, { bytes, behind, left: data.mostBytes }));
  const reader = header.isCompressed ? inflatedReader(data, { format: 'zlib', signal }) : data;
  return await readTensor(reader, { dtype, width, shape: all, byteOrder }, limits);
}

/** As ITK counts: HeaderSize from the beginning of the file, -1 from its end. */
function bytesToSkip(
  { headerSize, isCompressed }: MetaImageHeader,
  { bytes, behind, left }: { bytes: number; behind: number; left: number },
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
  if (left < bytes) throw truncatedVoxels(bytes, left);
  return left - bytes;
}

/** Lists and patterns of files are series of slices, which other programs write. */
function dataFileOf({ dataFile }: MetaImageHeader): string {
  if (!/^LIST\b/.test(dataFile) && !/%\d*d/.test(dataFile)) return dataFile;
  throw new SextantError('VOLUME_TYPE_UNSUPPORTED', {
    subject: 'MetaImage header: ElementDataFile',
    got: JSON.stringify(dataFile.slice(0, 100)),
    expected: 'LOCAL or the name of one file',
    remedy: 'write the image into one file',
  });
}

function unknown(): SextantError {
  return new SextantError('VOLUME_FORMAT_UNKNOWN', {
    subject: 'image',
    got: 'no MetaImage header that ends with ElementDataFile',
    expected: 'a .mha or .mhd file',
  });
}
