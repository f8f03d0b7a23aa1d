import { addExtremePointsChannel } from './add-extreme-points-channel.ts';
import { centerData } from './center-data.ts';
import { clipIntensityPercentiles } from './clip-intensity-percentiles.ts';
import type { Transform } from './declaration.ts';
import { normalizeIntensity } from './normalize-intensity.ts';
import { normalizeNonzeroIntensities } from './normalize-nonzero-intensities.ts';
import { scaleIntensityRange } from './scale-intensity-range.ts';
import { splitAcrossChannels } from './split-across-channels.ts';
import { volumeTo4dArray } from './volume-to-4d-array.ts';

/** Every transform that a chain may name, in the order of the documentation page. */
export const TRANSFORMS: readonly Transform[] = [
  volumeTo4dArray,
  normalizeNonzeroIntensities,
  normalizeIntensity,
  scaleIntensityRange,
  centerData,
  clipIntensityPercentiles,
  addExtremePointsChannel,
  splitAcrossChannels,
];
