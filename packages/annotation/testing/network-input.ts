import { annotationBox, closestRas, pointsToViewIndex, type Vec3 } from '#geometry';
import { Tensor } from '#kernels';
import type { Model } from '#models';
import { fillInput } from '../infer-box.ts';
import type { PreparedVolume } from '../prepare-volume.ts';
import { StageClock } from '../stage-clock.ts';

/** What a click feeds the network with, [channel, x, y, z] in C order. Points are stored indices. */
export async function networkInputOf(
  model: Model,
  volume: PreparedVolume,
  storedPoints: readonly Vec3[],
): Promise<Float32Array> {
  const view = closestRas(volume.grid);
  const points = pointsToViewIndex(storedPoints, 'index', view);
  const box = annotationBox(points, view.grid, model.description.padding);
  const clock = new StageClock(undefined, undefined);
  const { roi } = model.description;
  if (roi === undefined) throw new Error(`${model.name} has no grid of its own`);
  using storage = Tensor.empty('float32', [model.chain.channels, ...roi]);
  await fillInput({ model, volume, view, points, box, clock, signal: undefined }, storage);
  return Float32Array.from(storage.toArray() as Float32Array);
}
