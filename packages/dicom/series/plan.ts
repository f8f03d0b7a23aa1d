import type { SextantError } from '#errors';
import type { Affine } from '#geometry';
import type { Warning } from '#volume';
import type { SampleType } from '../frame-request.ts';
import type { Rescale } from '../instance.ts';
import type { Copy } from './copies.ts';
import type { Slice } from './slice.ts';

/** Which DICOM series a volume is. Nothing here names the patient. */
export interface SeriesInfo {
  readonly modality: string;
  readonly seriesNumber?: number | undefined;
  readonly seriesDescription?: string | undefined;
  readonly seriesInstanceUid: string;
  readonly instanceCount: number;
}

/** Distances along the step of slices that are not even, from the first. */
export interface Uneven {
  readonly positionsMm: readonly number[];
  /** What is wrong, with positions, for people. */
  readonly findings: readonly string[];
}

/** A volume as it will be read, without its voxels. */
export interface VolumePlan {
  readonly shape: readonly [columns: number, rows: number, slices: number];
  /** Volumes along the fourth axis. */
  readonly times: number;
  /** Time by time, in each the slices in the order of the normal. */
  readonly slices: readonly Slice[];
  /** What was left out because it says that it is what was kept. */
  readonly copies: readonly Copy[];
  /** Exact where the slices are even, sheared where they are tilted; else with the mean distance. */
  readonly affine: Affine;
  readonly type: SampleType;
  /** One for all slices, or undefined when they differ and voxels become float32. */
  readonly rescale: Rescale | undefined;
  /** Without one rescale for all: keep the values, which are whole numbers, as this. Default float32. */
  readonly storeAs?: 'int16' | 'int32' | undefined;
  readonly timeStepSeconds?: number | undefined;
  readonly tiltDegrees?: number | undefined;
  readonly uneven?: Uneven | undefined;
}

/** What a part of the files makes: a volume, or the reason why there is none. */
export interface SeriesPlan {
  /** For files: letters, digits, '-' and '_'; of the plans in a folder no other has it. */
  readonly name: string;
  readonly series: SeriesInfo;
  /** The files that it is made of, by the user's names. */
  readonly fileNames: readonly string[];
  readonly volume?: VolumePlan | undefined;
  readonly failure?: SextantError | undefined;
  readonly changes: readonly Warning[];
  readonly warnings: readonly Warning[];
}
