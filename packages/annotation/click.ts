import { unlessAborted } from '#errors';
import type { Space, Vec3 } from '#geometry';
import type { Model } from '#models';
import { annotate } from './annotate.ts';
import type { Annotation, AnnotationWarning, OnStage } from './annotation.ts';
import { encodeNiftiGzip } from './encode.ts';
import { keepResult } from './keep-result.ts';
import type { PreparedVolume } from './prepare-volume.ts';
import { StageClock } from './stage-clock.ts';

export interface ClickOptions {
  readonly model: Model;
  /** Gives the volume, and takes it back when the mask is made: a lease, or one decoded for this. */
  readonly decode: () => Promise<{ readonly volume: PreparedVolume } & Disposable>;
  readonly points: readonly Vec3[];
  readonly space: Space;
  /** `encodeRunLengths` or `encodeNiftiGzip`. */
  readonly encode: (annotation: Annotation, signal?: AbortSignal) => Promise<Uint8Array>;
  /** Whether the mask is also written into the model's `result_dir`, where the model has one. */
  readonly keepResults?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onStage?: OnStage | undefined;
}

/** What is left of a click once its tensors are gone. */
export interface Clicked
  extends Pick<Annotation, 'grid' | 'labels' | 'box' | 'voxels' | 'stageTimes' | 'warnings'> {
  /** As `encode` made it. */
  readonly mask: Uint8Array;
  /** The name of the file in the model's `result_dir`, when one was asked for and written. */
  readonly kept?: string | undefined;
}

/**
 * A whole click: decode, annotate, encode, with the times of all stages in the order they ran. When
 * the signal fires it ends at once; what computes goes on to its next node or tile, and until then
 * keeps the volume, the model's turn and its tensors.
 *
 * @throws SextantError those of `annotate`, and what `decode` throws
 * @example
 * const decode = () => cache.lease(digest, load, signal);
 * const { mask } = await click({ model, decode, points, space: 'ras', encode: encodeNiftiGzip });
 */
export function click(options: ClickOptions): Promise<Clicked> {
  return unlessAborted(wholeClick(options), options.signal);
}

async function wholeClick(options: ClickOptions): Promise<Clicked> {
  const { decode, encode, signal, onStage, ...question } = options;
  const clock = new StageClock(onStage, signal);
  using held = await clock.time('decode', decode);
  const { volume } = held;
  const annotation = await annotate({ ...question, volume, signal, onStage });
  try {
    clock.times.push(...annotation.stageTimes);
    const mask = await clock.time('encode', () => encode(annotation, signal));
    const { grid, labels, box, voxels } = annotation;
    const { kept, warnings } = await keep(options, annotation, mask);
    return { grid, labels, box, voxels, warnings, mask, kept, stageTimes: clock.times };
  } finally {
    annotation.dispose();
  }
}

async function keep(
  { model: { resultDir }, keepResults, encode, signal }: ClickOptions,
  annotation: Annotation,
  mask: Uint8Array,
): Promise<{ kept?: string; warnings: readonly AnnotationWarning[] }> {
  const { warnings } = annotation;
  if (keepResults !== true || resultDir === undefined) return { warnings };
  const file = encode === encodeNiftiGzip ? mask : await encodeNiftiGzip(annotation, signal);
  const result = await keepResult(resultDir, file);
  return 'name' in result
    ? { kept: result.name, warnings }
    : { warnings: [...warnings, result.warning] };
}
