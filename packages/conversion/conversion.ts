import type { SeriesInfo, UnevenHandling } from '#dicom';
import type { Grid, Vec3 } from '#geometry';
import type { Scale, Volume, VoxelType, Warning } from '#volume';

/** A file to look into. What it is, its content says. */
export interface InputFile {
  readonly path: string;
  /** What the user calls it: in messages and reports. */
  readonly name: string;
  /** It lies under another name than `name`: files that name each other are found by their `name`s. */
  readonly isRenamed?: boolean;
}

export const OUTPUT_FORMATS = ['.nii', '.nii.gz', '.mha', '.mhd', '.nrrd'] as const;

export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

export interface ConversionOptions {
  readonly format: OutputFormat;
  /** Absent: as it is. */
  readonly spacingMm?: Vec3 | undefined;
  /** The values are labels: resampling takes the nearest voxel's. */
  readonly label?: boolean;
  /** Default shear: every voxel is kept, under the exact sheared affine. */
  readonly tilt?: 'shear' | 'resample';
  /** Default refuse. */
  readonly uneven?: UnevenHandling;
}

/** What a volume is without its voxels. */
export type VolumeHeader = Omit<Volume, 'voxels' | 'dispose' | 'warnings'>;

/** What can become a volume: found, and not yet read. */
export interface FoundVolume {
  /** For files: letters, digits, '-', '_' and '.'; no other volume in its folder has it. */
  readonly name: string;
  /** Where its files lie together, below the input: '' at its top. It leads nowhere else, see `folderOf`. */
  readonly folder: string;
  /** The names of the files that it is made of. */
  readonly fileNames: readonly string[];
  readonly series?: SeriesInfo | undefined;
  /** Bytes of its voxels, where they are known. */
  readonly bytes: number;
  readonly source: VolumeSource;
}

export type VolumeSource =
  | { readonly kind: 'dicom'; readonly plan: import('#dicom').SeriesPlan }
  | {
      readonly kind: 'nifti' | 'metaimage' | 'nrrd';
      readonly path: string;
      /** Where the files lie that the header may name; undefined: in its own folder, under their names. */
      readonly beside?: ReadonlyMap<string, string> | undefined;
    };

/** A volume as it is to be written: what it is, and its voxels in file order, once. */
export interface Converted {
  readonly name: string;
  readonly header: VolumeHeader;
  readonly series?: SeriesInfo | undefined;
  /** What it was before anything was changed. */
  readonly sourceGrid: Grid;
  readonly changes: readonly Warning[];
  readonly warnings: readonly Warning[];
  /** Bytes of the voxels. */
  readonly bytes: number;
  /** A piece is valid until the next one is asked for. */
  readonly voxels: AsyncIterable<Uint8Array>;
  dispose(): void;
}

/** What a report says of a volume; as JSON beside it, or over the wire. */
export interface VolumeReport {
  readonly source: {
    readonly name: string;
    readonly files: readonly string[];
    readonly series?: SeriesInfo | undefined;
  };
  /** Of one that failed: where its files would lie below the output folder, without ending. */
  readonly place?: string;
  readonly output?: {
    readonly files: readonly string[];
    readonly grid: Grid;
    readonly frames: number;
    readonly voxelType: VoxelType;
    readonly scale: Scale;
  };
  readonly sourceGrid?: Grid;
  readonly changes: readonly Warning[];
  readonly warnings: readonly Warning[];
  readonly failure?: { readonly reason: string; readonly message: string };
}
