import { LARGEST_TRAILER_BYTES } from '#volume/gzip';
import type { Warning } from '../volume.ts';
import type { ByteReader } from './byte-reader.ts';

/**
 * Goes on from the last voxel to the end of a compressed stream, where its checksum is, unless that is far: a
 * warning when something follows the voxels, also behind that stream.
 *
 * @throws SextantError VOLUME_CORRUPT, VOLUME_TRUNCATED as the stream does
 */
export async function checkEnd(reader: ByteReader): Promise<Warning[]> {
  const extra = (await reader.skip(LARGEST_TRAILER_BYTES)) + reader.bytesBehind;
  if (extra === 0) return [];
  const amount = extra < LARGEST_TRAILER_BYTES ? `${extra}` : `${extra} or more`;
  const message = `${amount} bytes follow the voxels; they are ignored`;
  return [{ reason: 'BYTES_AFTER_VOXELS', message }];
}
