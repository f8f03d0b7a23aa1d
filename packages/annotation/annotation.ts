import type { Box, Grid } from '#geometry';
import type { Tensor } from '#kernels';
import type { QueuePlace } from '#models';
import type { Placement, WarningReason } from '#volume';

/** The steps of a click in the order they run. `decode` is the caller's: the volume comes decoded. */
export type Stage = 'queue' | 'decode' | 'resample' | 'transform' | 'infer' | 'restore' | 'encode';

/** Hears each stage as it begins; the queue, with the caller's place in it, again when it has moved. */
export type OnStage = (stage: Stage, place?: QueuePlace) => void;

export interface StageTime {
  readonly stage: Stage;
  readonly ms: number;
}

/** A value in the reply, not an error; the reasons are contract. */
export interface AnnotationWarning {
  readonly reason: WarningReason | 'MASK_EMPTY' | 'ENGINE_FALLBACK' | 'RESULT_NOT_KEPT';
  readonly message: string;
}

/** A mask on the voxels of the image that was clicked. Its owner disposes it. */
export interface Annotation {
  /** The image's own grid. */
  readonly grid: Grid;
  /** The image's, for a file of the mask. */
  readonly placement?: Placement | undefined;
  /** Names of the mask's values, the first for value 1. */
  readonly labels: readonly string[];
  /** What the network saw, in the file's axis order; outside it the mask is 0. */
  readonly box: Box;
  /** uint8, the box alone, axes in the file's order; strides as they come. */
  readonly boxMask: Tensor;
  /** The part of the box outside of which the mask is 0 as well, in the file's axis order. */
  readonly found: Box;
  /** Voxels that are not 0. */
  readonly voxels: number;
  /** In the order they ran. */
  readonly stageTimes: readonly StageTime[];
  readonly warnings: readonly AnnotationWarning[];
  dispose(): void;
}
