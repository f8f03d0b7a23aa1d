import { SextantError } from '#errors';
import { type Grid, perAxis } from '#geometry';
import type { ByteOrder } from '../bytes/byte-order.ts';
import { isScalar, type Placement, type Scale, type VoxelType, type Warning } from '../volume.ts';
import { type AffineSource, headerAffine } from './header-affine.ts';
import { NIFTI1_HEADER_BYTES, NIFTI2_HEADER_BYTES, type RawHeader } from './raw-header.ts';
import { type VoxelLayout, voxelLayout } from './voxel-types.ts';

/** A header that has passed all checks. */
export interface NiftiHeader {
  readonly grid: Grid;
  /** Numbers of voxels as the header gives them, from 1 to 7 of them, trailing ones left out. */
  readonly dims: readonly number[];
  readonly voxelType: VoxelType;
  readonly layout: VoxelLayout;
  readonly slope: number;
  readonly intercept: number;
  readonly byteOrder: ByteOrder;
  readonly version: 1 | 2;
  readonly singleFile: boolean;
  /** Where the voxels begin, in bytes, in the file that has them. */
  readonly voxOffset: number;
  /** Product of the dimensions beyond the third. */
  readonly frames: number;
  /** Between frames, where the fourth dimension is said to be time. */
  readonly timeStepSeconds: number | undefined;
  /** Bytes of one frame as stored. A double, since a header can promise more than memory has. */
  readonly frameBytes: number;
  readonly affineSource: AffineSource;
  readonly placement: Placement;
  readonly description: string;
  readonly warnings: readonly Warning[];
}

/**
 * Checks the fields of a header and says what they mean. Nothing is allocated by them here.
 * @throws SextantError VOLUME_CORRUPT, VOLUME_TYPE_UNSUPPORTED, VOLUME_AFFINE_SINGULAR
 */
export function interpretHeader(raw: RawHeader): NiftiHeader {
  const dims = usableDims(raw.dim);
  const layout = voxelLayout(raw.datatype, raw.bitpix);
  const shape = perAxis((axis) => dims[axis] ?? 1);
  const { affine, source, placement, warnings } = headerAffine(raw, shape);
  const offset = voxelOffset(raw);
  const { scale, warnings: scaleWarnings } = usableScale(raw, layout.type);
  return {
    grid: { shape, affine },
    dims,
    voxelType: layout.type,
    layout,
    ...scale,
    byteOrder: raw.byteOrder,
    version: raw.version,
    singleFile: raw.singleFile,
    voxOffset: offset.bytes,
    frames: dims.slice(3).reduce((product, count) => product * count, 1),
    timeStepSeconds: timeStepOf(raw, dims),
    frameBytes: (shape[0] * shape[1] * shape[2] * layout.bitpix) / 8,
    affineSource: source,
    placement,
    description: raw.description,
    warnings: [...warnings, ...offset.warnings, ...scaleWarnings],
  };
}

/** NIFTI_UNITS_SEC, NIFTI_UNITS_MSEC and NIFTI_UNITS_USEC in seconds. */
const SECONDS_OF_UNIT: ReadonlyMap<number, number> = new Map([
  [8, 1],
  [16, 1e-3],
  [24, 1e-6],
]);

function timeStepOf({ timeUnits, pixdim }: RawHeader, dims: readonly number[]): number | undefined {
  const unit = SECONDS_OF_UNIT.get(timeUnits);
  const step = pixdim[4];
  if (dims.length < 4 || unit === undefined || step === undefined) return undefined;
  return Number.isFinite(step) && step > 0 ? step * unit : undefined;
}

function usableDims(dim: readonly number[]): number[] {
  const rank = dim[0] ?? 0;
  if (rank < 1 || rank > 7) {
    throw corrupt('dim[0]', `${rank}`, 'a number of dimensions from 1 to 7');
  }
  const dims = dim.slice(1, rank + 1);
  const wrong = dims.findIndex((count) => count < 1);
  if (wrong >= 0) throw corrupt(`dim[${wrong + 1}]`, `${dims[wrong]}`, '1 or more voxels');
  while (dims.length > 1 && dims.at(-1) === 1) dims.pop();
  return dims;
}

/**
 * Where the voxels begin. 0 in a single file is written by careless tools and can only mean right
 * behind the header and its four bytes of extension flags.
 */
function voxelOffset(raw: RawHeader): { bytes: number; warnings: Warning[] } {
  const { voxOffset } = raw;
  const afterHeader = (raw.version === 1 ? NIFTI1_HEADER_BYTES : NIFTI2_HEADER_BYTES) + 4;
  if (raw.singleFile && voxOffset === 0) {
    const message = `vox_offset is 0; the voxels are read from byte ${afterHeader}`;
    return { bytes: afterHeader, warnings: [{ reason: 'OFFSET_ASSUMED', message }] };
  }
  const least = raw.singleFile ? afterHeader : 0;
  if (!Number.isSafeInteger(voxOffset) || voxOffset < least) {
    throw corrupt('vox_offset', `${voxOffset}`, `a whole number of bytes, ${least} or more`);
  }
  return { bytes: voxOffset, warnings: [] };
}

/** A slope of 0, or one that is no number, means that stored values stand for themselves. */
function usableScale(raw: RawHeader, type: VoxelType): { scale: Scale; warnings: Warning[] } {
  const unscaled = { slope: 1, intercept: 0 };
  if (!isScalar(type) || raw.slope === 0 || !Number.isFinite(raw.slope)) {
    return { scale: unscaled, warnings: [] };
  }
  if (!Number.isFinite(raw.intercept)) {
    const message = `scl_slope is ${raw.slope} but scl_inter is ${raw.intercept}; 0 is used for it`;
    return {
      scale: { slope: raw.slope, intercept: 0 },
      warnings: [{ reason: 'SCALE_IGNORED', message }],
    };
  }
  return { scale: { slope: raw.slope, intercept: raw.intercept }, warnings: [] };
}

function corrupt(field: string, got: string, expected: string): SextantError {
  return new SextantError('VOLUME_CORRUPT', {
    subject: `NIfTI header: ${field}`,
    got,
    expected,
    remedy: 'write the image again, or copy it from where it is whole',
  });
}
