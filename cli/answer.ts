import type { Grid, Space, Vec3 } from '#geometry';

/** One click, wherever it is computed. */
export interface Question {
  readonly model: string;
  readonly points: readonly Vec3[];
  readonly space: Space;
  readonly signal: AbortSignal;
  /** Hears what is being done, in a few words. */
  readonly onStep: (step: string) => void;
  /** Hears what the user should know afterwards too, a line at a time. */
  readonly onNote: (line: string) => void;
}

/** A click on an image of this machine. */
export interface ImageQuestion extends Question {
  /** The NIfTI file. */
  readonly imagePath: string;
  /** What the user gave, for messages. */
  readonly givenPath: string;
  /** Of a file that was made for this call: what it was made of. */
  readonly madeOf?: string | undefined;
  /** Index on the fourth axis, for a 4D image. */
  readonly frame: number | undefined;
  readonly volumeLimitBytes: number;
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
