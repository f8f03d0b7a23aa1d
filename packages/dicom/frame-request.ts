import type { Dtype } from '#kernels';
import type { PixelLayout, PixelLocation, Rescale } from './instance.ts';

/** The samples of some frames of one file, asked of a worker. Plain data: it crosses threads. */
export interface FrameRequest {
  readonly path: string;
  readonly name: string;
  readonly layout: PixelLayout;
  readonly location: PixelLocation;
  /** Frames to decode, counted from 0, in this order. */
  readonly frames: readonly number[];
  /**
   * Without it, stored values. With it, one entry for each of `frames`: float32 of the modality value,
   * computed in float64.
   */
  readonly rescale?: readonly Rescale[] | undefined;
}

/** What comes of a frame, decided by its layout alone. */
export interface SampleType {
  /** uint8, int16, …; of a colour image, the type of one component. */
  readonly dtype: Dtype;
  /** 1, or 3 for a colour image, interleaved: RGB, whatever the file holds. */
  readonly components: 1 | 3;
}

/** Decoded frames end to end: component fastest, then columns, then rows, then frames. */
export interface DecodedFrames {
  readonly type: SampleType;
  readonly bytes: Uint8Array<ArrayBuffer>;
}
