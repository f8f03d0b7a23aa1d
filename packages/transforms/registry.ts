import { splitAcrossChannels } from './channels/split-across-channels.ts';
import { volumeTo4dArray } from './channels/volume-to-4d-array.ts';
import type { Transform } from './declaration.ts';
import { centerData } from './intensity/center-data.ts';
import { clipIntensityPercentiles } from './intensity/clip-intensity-percentiles.ts';
import { normalizeIntensity } from './intensity/normalize-intensity.ts';
import { normalizeNonzeroIntensities } from './intensity/normalize-nonzero-intensities.ts';
import { scaleIntensityOscillation } from './intensity/scale-intensity-oscillation.ts';
import { scaleIntensityRange } from './intensity/scale-intensity-range.ts';
import { loadNifty } from './load/load-nifty.ts';
import { loadNumpyFromFilename } from './load/load-numpy-from-filename.ts';
import { addExtremePointsChannel } from './points/add-extreme-points-channel.ts';
import { cropForegroundObject } from './spatial/crop-foreground-object.ts';
import { npRandomFlip3d } from './spatial/np-random-flip-3d.ts';
import { npRandomRot90Xy } from './spatial/np-random-rot90-xy.ts';
import { npRandomZoom3d } from './spatial/np-random-zoom-3d.ts';
import { knownNames } from './transform-name.ts';

/** The transforms that chains may use, in the order of the documentation page. */
export const TRANSFORMS: readonly Transform[] = [
  loadNifty,
  loadNumpyFromFilename,
  volumeTo4dArray,
  splitAcrossChannels,
  scaleIntensityRange,
  scaleIntensityOscillation,
  normalizeIntensity,
  normalizeNonzeroIntensities,
  centerData,
  clipIntensityPercentiles,
  npRandomFlip3d,
  npRandomRot90Xy,
  npRandomZoom3d,
  cropForegroundObject,
  addExtremePointsChannel,
];

const BY_NAME: ReadonlyMap<string, Transform> = new Map(
  TRANSFORMS.flatMap((transform) => knownNames(transform).map((name) => [name, transform])),
);

export function findTransform(name: string): Transform | undefined {
  return BY_NAME.get(name);
}
