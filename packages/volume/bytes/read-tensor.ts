import { SextantError } from '#errors';
import { type Dtype, Tensor } from '#kernels';
import type { Warning } from '../volume.ts';
import { type ByteOrder, HOST_ORDER, swapBytes } from './byte-order.ts';
import type { ByteReader } from './byte-reader.ts';
import { checkEnd } from './check-end.ts';
import { PIECE_BYTES } from './limits.ts';
import { shownBytes } from './shown-bytes.ts';

export interface TensorBytes {
  readonly dtype: Dtype;
  /** Bytes of one number. */
  readonly width: number;
  /** First axis fastest. */
  readonly shape: readonly number[];
  readonly byteOrder: ByteOrder;
}

export interface ReadLimits {
  readonly volumeLimitBytes: number;
  readonly reserve?: ((bytes: number) => void) | undefined;
}

/**
 * The numbers that are the rest of a reader, in the host's order, in a tensor's own memory. What cannot be
 * there or is too large is refused before memory is taken.
 *
 * @throws SextantError VOLUME_TOO_LARGE, VOLUME_TRUNCATED, VOLUME_CORRUPT, CANCELLED
 */
export async function readTensor(
  reader: ByteReader,
  { dtype, width, shape, byteOrder }: TensorBytes,
  { volumeLimitBytes, reserve }: ReadLimits,
): Promise<{ voxels: Tensor; warnings: Warning[] }> {
  const bytes = shape.reduce((product, extent) => product * extent, width);
  if (bytes > volumeLimitBytes) throw tooLarge(shape, bytes, volumeLimitBytes);
  if (bytes > reader.mostBytes) throw truncatedVoxels(bytes, reader.mostBytes);
  reserve?.(bytes);
  const voxels = Tensor.empty(dtype, shape, { order: 'F' });
  try {
    const memory = voxels.bytes();
    for (let start = 0; start < memory.length; start += PIECE_BYTES) {
      const piece = memory.subarray(start, start + PIECE_BYTES);
      const filled = await reader.fill(piece);
      if (filled < piece.length) throw truncatedVoxels(bytes, start + filled);
      if (byteOrder !== HOST_ORDER) swapBytes(piece, width);
    }
    return { voxels, warnings: await checkEnd(reader) };
  } catch (error) {
    voxels.dispose();
    throw error;
  }
}

function tooLarge(shape: readonly number[], bytes: number, limit: number): SextantError {
  return new SextantError('VOLUME_TOO_LARGE', {
    subject: 'image',
    got: `${shape.join(' x ')} voxels, ${shownBytes(bytes)}`,
    expected: `at most ${shownBytes(limit)}`,
    remedy: 'crop or downsample the image, or raise --volume-limit',
  });
}

export function truncatedVoxels(expected: number, got: number): SextantError {
  return new SextantError('VOLUME_TRUNCATED', {
    subject: 'image',
    got: `${got} bytes of voxels`,
    expected: `${expected} bytes, as its header says`,
    remedy: 'copy or download the file again',
  });
}
