import {
  annotationBox,
  type Box,
  type ClosestRas,
  closestRas,
  perAxis,
  pointsToViewIndex,
  type Space,
  type Vec3,
} from '#geometry';
import type { Model, QueuePlace } from '#models';
import { type Fields, runChain } from '#transforms';
import type { Annotation, AnnotationWarning, OnStage } from './annotation.ts';
import { type BoxRun, inferBox } from './infer-box.ts';
import type { PreparedVolume } from './prepare-volume.ts';
import { restoreMask } from './restore-mask.ts';
import { StageClock } from './stage-clock.ts';

export interface AnnotateOptions {
  readonly model: Model;
  /** Stays the caller's, and must not be disposed before the promise settles. */
  readonly volume: PreparedVolume;
  /** Six or more on the outermost places of the structure, in any order. */
  readonly points: readonly Vec3[];
  /** `index` is of the volume's stored axis order. */
  readonly space: Space;
  readonly signal?: AbortSignal | undefined;
  readonly onStage?: OnStage | undefined;
}

/**
 * The click: six points on a volume become a mask on the volume's own voxels.
 *
 * @returns a mask whose box and axes are in the file's order; dispose it
 * @throws SextantError POINTS_TOO_FEW, POINTS_TOO_MANY, POINTS_COINCIDE, POINT_NOT_FINITE,
 *   POINT_OUTSIDE, LIMIT_EXCEEDED (too many wait for the model), ENGINE_FAILED, CANCELLED
 * @example
 * const annotation = await annotate({ model: pool.get('annotation_any'), volume, points, space: 'ras' });
 * const file = await encodeNiftiGzip(annotation);
 * annotation.dispose();
 */
export async function annotate(options: AnnotateOptions): Promise<Annotation> {
  const { model, volume, signal } = options;
  const clock = new StageClock(options.onStage, signal);
  const view = closestRas(volume.grid);
  const points = pointsToViewIndex(options.points, options.space, view);
  const box = annotationBox(points, view.grid, model.description.padding);
  using fields = await inTurn({ model, volume, view, points, box, clock, signal });
  const { mask, found, voxels } = await clock.time('restore', async () => {
    await runChain(model.chain.post, { fields, signal });
    return restoreMask({ answer: fields.array(model.chain.answer), model, view, box, signal });
  });
  return {
    grid: volume.grid,
    placement: volume.placement,
    labels: model.description.labels,
    box: boxInFileOrder(box, view),
    boxMask: mask,
    found: boxInFileOrder(found, view),
    voxels,
    stageTimes: clock.times,
    warnings: warningsOf(model, volume, voxels),
    dispose: () => mask.dispose(),
  };
}

/** Runs when the model is free, and keeps it until the computation has ended, cancelled or not. */
async function inTurn(run: BoxRun): Promise<Fields> {
  const { model, clock, signal } = run;
  const { turns } = model;
  const onMove = (place: QueuePlace) => clock.tell('queue', place);
  const turn = await clock.time('queue', () => turns.take({ signal, onMove }), turns.place);
  try {
    const fields = await inferBox(run);
    turn.leave({ completed: true });
    return fields;
  } finally {
    turn.leave();
  }
}

function boxInFileOrder({ low, high }: Box, { order, flip, grid }: ClosestRas): Box {
  const edge = (at: Vec3, opposite: Vec3) =>
    perAxis((stored) => {
      const axis = order.indexOf(stored) as 0 | 1 | 2;
      return flip[axis] ? grid.shape[axis] - opposite[axis] : at[axis];
    });
  return { low: edge(low, high), high: edge(high, low) };
}

function warningsOf(model: Model, volume: PreparedVolume, voxels: number): AnnotationWarning[] {
  const warnings: AnnotationWarning[] = [...volume.warnings];
  for (const message of model.warnings) warnings.push({ reason: 'ENGINE_FALLBACK', message });
  if (voxels === 0) {
    const message =
      'the model found nothing between these points: check them, or try another model';
    warnings.push({ reason: 'MASK_EMPTY', message });
  }
  return warnings;
}
