import { SextantError } from '#errors';
import type { Grid } from '#geometry';
import { type Dtype, move, Tensor } from '#kernels';
import { gzip } from '#volume/gzip';
import type { Placement, Scale } from '../volume.ts';
import { assertNiftiAxes } from './nifti-file.ts';
import { headerOf } from './write-header.ts';

export interface NiftiImage {
  readonly grid: Grid;
  /** That of the image which this belongs to; without it the codes are the scanner's. */
  readonly placement?: Placement | undefined;
  /** The type to store; other voxels are converted, saturating. */
  readonly dtype: Dtype;
  /** 3D on the grid's shape, any strides. */
  readonly voxels: Tensor;
  readonly scale?: Scale;
  /** At most 79 bytes are kept. */
  readonly description?: string;
}

export interface WriteNiftiOptions {
  gzip?: boolean;
  signal?: AbortSignal | undefined;
}

/**
 * A single-file NIfTI-1 image, little endian, header fields fixed, so that the same image gives
 * the same bytes. The sform holds the affine as float32; the qform too where it can (no shear). With
 * a placement both forms and their codes are those of it, so that any viewer puts the two on one place.
 *
 * @throws SextantError VOLUME_TOO_LARGE for an axis beyond 32767 voxels, ARGUMENT_INVALID for voxels
 *   of another shape than the grid's, CANCELLED
 */
export async function writeNifti(
  image: NiftiImage,
  { gzip: compressed = false, signal }: WriteNiftiOptions = {},
): Promise<Uint8Array> {
  assertWritable(image);
  const header = headerOf(image);
  const voxels = await storedBytes(image, signal);
  return compressed ? gzip([header, voxels], { signal }) : Buffer.concat([header, voxels]);
}

/** The voxels in file order, first axis fastest. */
async function storedBytes(
  { dtype, voxels, grid }: NiftiImage,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const [nx, ny] = grid.shape;
  const strides = [1, nx, nx * ny];
  if (voxels.dtype === dtype && strides.every((stride, axis) => voxels.strides[axis] === stride)) {
    return voxels.bytes();
  }
  const dense = Tensor.empty(dtype, grid.shape, { order: 'F' });
  try {
    await move({ input: voxels, output: dense, ...(signal === undefined ? {} : { signal }) });
    // The memory outlives the handle.
    return dense.bytes();
  } finally {
    dense.dispose();
  }
}

function assertWritable({ grid, voxels }: NiftiImage): void {
  const same = voxels.shape.length === 3 && grid.shape.every((n, axis) => voxels.shape[axis] === n);
  if (!same) {
    throw new SextantError('ARGUMENT_INVALID', {
      subject: 'voxels',
      got: `shape ${voxels.shape.join(' x ')}`,
      expected: `the grid's shape, ${grid.shape.join(' x ')}`,
    });
  }
  assertNiftiAxes(grid.shape);
}
