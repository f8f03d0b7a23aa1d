import { SextantError } from '#errors';
import { openBeside, withRest } from '../bytes/after-header.ts';
import type { ByteReader } from '../bytes/byte-reader.ts';
import { inflatedReader } from '../bytes/inflated-reader.ts';
import { readTensor, truncatedVoxels } from '../bytes/read-tensor.ts';
import { type ByteSource, openSource } from '../bytes/source.ts';
import { readTextHeader } from '../bytes/text-header.ts';
import type { Volume } from '../volume.ts';
import { interpretHeader, type MetaImageHeader } from './header.ts';
import { DEFAULT_LIMIT_BYTES } from './limits.ts';

export interface ReadMetaImageOptions {
  /** The most bytes the volume may inflate to. Default 4 GiB. */
  readonly volumeLimitBytes?: number;
  /** Hears how many bytes the voxels take before memory is taken for them; it refuses by throwing. */
  readonly reserve?: ((bytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
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
  { volumeLimitBytes = DEFAULT_LIMIT_BYTES, reserve, signal }: ReadMetaImageOptions = {},
): Promise<Volume & Disposable> {
  const reader = await openSource(source, signal);
  let data: ByteReader = reader;
  try {
    const found = await readTextHeader(reader, (line) => /^\s*ElementDataFile\s*=/.test(line));
    if (found === undefined || !found.lines.some((line) => /^\s*ElementDataFile\s*=/.test(line))) {
      throw unknown();
    }
    const header = interpretHeader(found.lines);
    if (header.dataFile.toUpperCase() === 'LOCAL') data = withRest(reader, found.rest);
    else {
      await reader.close();
      data = await openBeside(
        'path' in source ? source.path : undefined,
        dataFileOf(header),
        signal,
      );
    }
    const voxels = await voxelsOf(data, header, { volumeLimitBytes, reserve, signal });
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
    ...limits
  }: Required<Pick<ReadMetaImageOptions, 'volumeLimitBytes'>> & ReadMetaImageOptions,
) {
  const { shape, components, frames, width, component: dtype, byteOrder, headerSize } = header;
  const all = [...(components > 1 ? [components] : []), ...shape, ...(frames > 1 ? [frames] : [])];
  const bytes = all.reduce((product, extent) => product * extent, width);
  if (headerSize > 0) await data.skip(headerSize);
  if (headerSize === -1) {
    if (data.mostBytes < bytes) throw truncatedVoxels(bytes, data.mostBytes);
    await data.skip(data.mostBytes - bytes);
  }
  const reader = header.isCompressed ? inflatedReader(data, { format: 'zlib', signal }) : data;
  return await readTensor(reader, { dtype, width, shape: all, byteOrder }, limits);
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
