import type { Grid, Space, Vec3 } from '#geometry';

/** One click, wherever it is computed. */
export interface Question {
  readonly imagePath: string;
  readonly model: string;
  readonly points: readonly Vec3[];
  readonly space: Space;
  /** Index on the fourth axis, for a 4D image. */
  readonly frame: number | undefined;
  readonly volumeLimitBytes: number;
  readonly signal: AbortSignal;
  /** Hears what is being done, in a few words. */
  readonly onStep: (step: string) => void;
}

/** What comes back; the mask's bytes are the same from here and from a server. */
export interface Answer {
  /** A .nii.gz file. */
  readonly mask: Uint8Array;
  readonly grid: Grid;
  readonly labels: readonly string[];
  readonly maskVoxels: number;
  /** Edges in voxels, the file's axis order: first voxel, and one past the last. */
  readonly box: { readonly low: readonly number[]; readonly high: readonly number[] };
  readonly stageTimes: readonly { readonly stage: string; readonly milliseconds: number }[];
  readonly warnings: readonly { readonly reason: string; readonly message: string }[];
}

/** What the stages of a click are called on the progress line. */
export const STEPS: Readonly<Record<string, string>> = {
  queue: 'waiting for the model',
  decode: 'reading the image',
  resample: 'resampling the box',
  transform: "preparing the network's input",
  infer: 'running the network',
  restore: 'bringing the mask back onto the image',
  encode: 'writing the mask',
};
