import { applyThreshold } from './channels/apply-threshold.ts';
import { argmaxAcrossChannels } from './channels/argmax-across-channels.ts';
import { bratsConvertLabels } from './channels/brats-convert-labels.ts';
import { fillHoles } from './channels/fill-holes.ts';
import { keepLargestConnectedComponent } from './channels/keep-largest-connected-component.ts';
import { npExpandDims } from './channels/np-expand-dims.ts';
import { npRepChannels } from './channels/np-rep-channels.ts';
import { splitAcrossChannels } from './channels/split-across-channels.ts';
import { volumeTo4dArray } from './channels/volume-to-4d-array.ts';
import type { Transform } from './declaration.ts';
import { addGaussianNoise } from './intensity/add-gaussian-noise.ts';
import { adjustContrast } from './intensity/adjust-contrast.ts';
import { centerData } from './intensity/center-data.ts';
import { clipIntensityPercentiles } from './intensity/clip-intensity-percentiles.ts';
import { normalizeIntensity } from './intensity/normalize-intensity.ts';
import { normalizeNonzeroIntensities } from './intensity/normalize-nonzero-intensities.ts';
import { randBiasField } from './intensity/rand-bias-field.ts';
import { randGaussianSmooth } from './intensity/rand-gaussian-smooth.ts';
import { scaleIntensityOscillation } from './intensity/scale-intensity-oscillation.ts';
import { scaleIntensityRange } from './intensity/scale-intensity-range.ts';
import { scaleIntensityRangePercentiles } from './intensity/scale-intensity-range-percentiles.ts';
import { load3dShapeFromNumpy } from './load/load-3d-shape-from-numpy.ts';
import { loadNifty } from './load/load-nifty.ts';
import { loadNumpyFromFilename } from './load/load-numpy-from-filename.ts';
import { loadPng } from './load/load-png.ts';
import { loadResolutionFromNifty } from './load/load-resolution-from-nifty.ts';
import { addExtremePointsChannel } from './points/add-extreme-points-channel.ts';
import { fetchExtremePoints } from './points/fetch-extreme-points.ts';
import { cropForegroundObject } from './spatial/crop-foreground-object.ts';
import { cropRandomSubImageInRange } from './spatial/crop-random-sub-image-in-range.ts';
import { cropSubVolumeCenter } from './spatial/crop-sub-volume-center.ts';
import { cropSubVolumePosNegRatioCtrlEpoch } from './spatial/crop-sub-volume-pos-neg-ratio-ctrl-epoch.ts';
import { cropSubVolumeRandomWithinBounds } from './spatial/crop-sub-volume-random-within-bounds.ts';
import { flipAxisRandom } from './spatial/flip-axis-random.ts';
import { invert } from './spatial/invert.ts';
import { np2dRotate } from './spatial/np-2d-rotate.ts';
import { npRandomFlip3d } from './spatial/np-random-flip-3d.ts';
import { npRandomRot90Xy } from './spatial/np-random-rot90-xy.ts';
import { npRandomZoom3d } from './spatial/np-random-zoom-3d.ts';
import { npResizeImage } from './spatial/np-resize-image.ts';
import { orientation } from './spatial/orientation.ts';
import { rand3dElastic } from './spatial/rand-3d-elastic.ts';
import { randAffine } from './spatial/rand-affine.ts';
import { resampleVolume } from './spatial/resample-volume.ts';
import { restoreOriginalShape } from './spatial/restore-original-shape.ts';
import { spacing } from './spatial/spacing.ts';
import { spatialPad } from './spatial/spatial-pad.ts';
import { transformVolumeCropRoiFastPosNegRatio } from './spatial/transform-volume-crop-roi-fast-pos-neg-ratio.ts';
import { knownNames } from './transform-name.ts';

/** The transforms that chains may use, in the order of the documentation page. */
export const TRANSFORMS: readonly Transform[] = [
  loadNifty,
  loadNumpyFromFilename,
  loadPng,
  loadResolutionFromNifty,
  load3dShapeFromNumpy,
  volumeTo4dArray,
  npExpandDims,
  npRepChannels,
  splitAcrossChannels,
  scaleIntensityRange,
  scaleIntensityRangePercentiles,
  scaleIntensityOscillation,
  adjustContrast,
  addGaussianNoise,
  randGaussianSmooth,
  randBiasField,
  normalizeIntensity,
  normalizeNonzeroIntensities,
  centerData,
  clipIntensityPercentiles,
  npRandomFlip3d,
  flipAxisRandom,
  npRandomRot90Xy,
  npRandomZoom3d,
  randAffine,
  rand3dElastic,
  orientation,
  spacing,
  resampleVolume,
  spatialPad,
  cropSubVolumeCenter,
  cropSubVolumeRandomWithinBounds,
  cropSubVolumePosNegRatioCtrlEpoch,
  transformVolumeCropRoiFastPosNegRatio,
  cropForegroundObject,
  cropRandomSubImageInRange,
  npResizeImage,
  np2dRotate,
  addExtremePointsChannel,
  fetchExtremePoints,
  bratsConvertLabels,
  argmaxAcrossChannels,
  applyThreshold,
  keepLargestConnectedComponent,
  fillHoles,
  invert,
  restoreOriginalShape,
];

const BY_NAME: ReadonlyMap<string, Transform> = new Map(
  TRANSFORMS.flatMap((transform) => knownNames(transform).map((name) => [name, transform])),
);

export function findTransform(name: string): Transform | undefined {
  return BY_NAME.get(name);
}
