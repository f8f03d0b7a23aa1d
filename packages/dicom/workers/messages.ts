import type { FrameRequest, SampleType } from '../frame-request.ts';
import type { Scanned } from '../instance.ts';

export interface ScannedFile {
  readonly path: string;
  /** What the user calls it. */
  readonly name: string;
}

/** What a worker is asked. */
export type Task =
  | { readonly kind: 'scan'; readonly files: readonly ScannedFile[] }
  | {
      readonly kind: 'decode';
      /** All of one sample type; their frames come end to end. */
      readonly requests: readonly FrameRequest[];
      /** Memory of an earlier answer, to be filled again. */
      readonly into?: ArrayBuffer | undefined;
    };

export type Answer =
  | { readonly scanned: readonly Scanned[] }
  | { readonly type: SampleType; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly refused: Refused };

/** What a worker says of a decoding before its answer: one more frame is done. */
export const FRAME_DONE = 'frame done';

/** A SextantError on its way between threads. */
export interface Refused {
  readonly reason: string;
  readonly subject: string;
  readonly got: string;
  readonly expected: string;
  readonly remedy?: string | undefined;
  /** The file that it was. */
  readonly name?: string | undefined;
}
