import type { Grid, Vec3 } from '#geometry';
import type { Dtype, Tensor } from '#kernels';

/** What one voxel holds: a number, or a colour or complex number of several. */
export type VoxelType = Dtype | CompoundType;

export type CompoundType = 'rgb24' | 'rgba32' | 'complex64' | 'complex128';

/** Something a user should know about a volume that was read all the same. */
export interface Warning {
  readonly reason: WarningReason;
  readonly message: string;
}

/** A closed list, contract like the reasons of errors. */
export type WarningReason =
  | 'AFFINES_DIFFER'
  | 'ORIENTATION_UNKNOWN'
  | 'SPACING_NEGATIVE'
  | 'UNITS_CONVERTED'
  | 'SCALE_IGNORED'
  | 'OFFSET_ASSUMED'
  | 'BYTES_AFTER_VOXELS'
  | 'VOXELS_NOT_FINITE'
  | 'PHOTOMETRIC_INVERTED'
  | 'SPACING_UNKNOWN'
  | 'THICKNESS_AS_SPACING'
  | 'DUPLICATES_DROPPED'
  | 'SERIES_ELSEWHERE'
  | 'SCALED_TO_FLOAT'
  | 'RESCALE_APPLIED'
  | 'COLOUR_CONVERTED'
  | 'TILT_SHEARED'
  | 'TILT_RESAMPLED'
  | 'UNEVEN_KEPT'
  | 'UNEVEN_RESAMPLED'
  | 'RESAMPLED'
  | 'AXES_JOINED'
  | 'EXTENSIONS_DROPPED';

/** Stored values become what they measure by value * slope + intercept. */
export interface Scale {
  readonly slope: number;
  readonly intercept: number;
}

/** NIfTI's qform: a rotation and lengths, in millimetres. */
export interface Qform {
  /** b, c, d. */
  readonly quaternion: Vec3;
  /** -1 where the third axis runs against the rotation's. */
  readonly qfac: 1 | -1;
  readonly spacing: Vec3;
  readonly offset: Vec3;
}

/** How a header says where its image lies, so that a mask of the image can say it likewise. */
export interface Placement {
  /** NIfTI's codes: 0 none, 1 scanner, 2 aligned, 3 Talairach, 4 MNI, 5 another template. */
  readonly sformCode: number;
  readonly qformCode: number;
  /** There when its code is above 0. */
  readonly qform?: Qform | undefined;
}

/** Voxels on a grid. The voxels lie in the addon's memory; whoever has the volume disposes it. */
export interface Volume {
  readonly grid: Grid;
  /** Where it came from a header. */
  readonly placement?: Placement | undefined;
  readonly dtype: VoxelType;
  /**
   * Stored values in the order of the file, first axis fastest: shape [nx, ny, nz], with further
   * axes behind when there are several frames. Colours and complex numbers have their components
   * as an axis in front.
   */
  readonly voxels: Tensor;
  readonly scale: Scale;
  /** Product of the dimensions beyond the third that are in `voxels`; 1 for a 3D image. */
  readonly frames: number;
  /** Between frames of a series in time, where the file says it. */
  readonly timeStepSeconds?: number | undefined;
  /** The header has more behind it, of one program for itself, which is not read. */
  readonly hasExtensions?: boolean | undefined;
  readonly warnings: readonly Warning[];
  dispose(): void;
}

const COMPOUND: ReadonlySet<VoxelType> = new Set<VoxelType>([
  'rgb24',
  'rgba32',
  'complex64',
  'complex128',
]);

/** Whether a voxel is one number, which annotation needs. */
export function isScalar(dtype: VoxelType): dtype is Dtype {
  return !COMPOUND.has(dtype);
}
