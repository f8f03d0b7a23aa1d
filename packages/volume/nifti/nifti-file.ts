import { SextantError } from '#errors';
import { gzipPieces } from '#volume/gzip';
import type { ImageFile } from '../image-file.ts';
import { LARGEST_NIFTI1_DIM } from './limits.ts';
import { layoutOfType } from './voxel-types.ts';
import { type HeaderContent, headerOf } from './write-header.ts';

export interface NiftiFileOptions {
  readonly gzip?: boolean;
  /** 1 (fastest) to 9; default 2. */
  readonly level?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A single-file NIfTI-1 image of voxels that come in pieces, in file order, first axis fastest, little
 * endian: 3D or 4D, any type. Header fields are fixed, so that the same image gives the same bytes. A
 * sheared affine stands in the sform alone (qform_code 0).
 *
 * @throws SextantError VOLUME_TOO_LARGE for an axis beyond 32767 voxels
 */
export function niftiFile(
  content: HeaderContent,
  voxels: AsyncIterable<Uint8Array>,
  { gzip = false, level, signal }: NiftiFileOptions = {},
): ImageFile {
  assertNiftiAxes([...content.grid.shape, content.frames ?? 1]);
  const header = headerOf(content);
  const pieces = headerThen(header, voxels);
  if (!gzip) return { suffix: '.nii', bytes: header.length + voxelBytesOf(content), pieces };
  return { suffix: '.nii.gz', pieces: gzipPieces(pieces, { level, signal }) };
}

function voxelBytesOf({ grid: { shape }, frames = 1, dtype }: HeaderContent): number {
  return (shape[0] * shape[1] * shape[2] * frames * layoutOfType(dtype).bitpix) / 8;
}

async function* headerThen(
  header: Uint8Array,
  voxels: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  yield header;
  yield* voxels;
}

/** @throws SextantError VOLUME_TOO_LARGE */
export function assertNiftiAxes(counts: readonly number[]): void {
  const longest = Math.max(...counts);
  if (longest <= LARGEST_NIFTI1_DIM) return;
  throw new SextantError('VOLUME_TOO_LARGE', {
    subject: 'image',
    got: `${longest} voxels along one axis`,
    expected: `at most ${LARGEST_NIFTI1_DIM}, which is what NIfTI-1 can say`,
    remedy: 'ask for run lengths, or for another format, instead',
  });
}
