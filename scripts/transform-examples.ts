// What docs/transforms.md shows of each transform that changes what an image looks like.

export interface Example {
  /** The transform's arguments, without its name. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Which channel of the image is shown afterwards. Default 0. */
  readonly channel?: number;
  /** The image is one of its slices: for transforms of pictures. */
  readonly isPicture?: boolean;
}

const both = { applied_keys: ['image', 'label'] };
const fields = { fields: ['image', 'label'] };
const crop = { image_field: 'image', label_field: 'label' };

/** By the name as the guide prints it. */
export const EXAMPLES: Readonly<Record<string, Example>> = {
  'transforms.ScaleIntensityRange': {
    args: { field: 'image', a_min: 200, a_max: 700, b_min: 0, b_max: 1, clip: true },
  },
  'transforms.ScaleIntensityRangePercentiles': {
    args: { fields: 'image', lower: 5, upper: 90, b_min: 0, b_max: 1, clip: true },
  },
  'transforms.ClipIntensityPercentiles': { args: { fields: 'image', lower: 10, upper: 80 } },
  'transforms.AdjustContrast': { args: { field: 'image', gamma: [2.5, 3] } },
  'transforms.AddGaussianNoise': { args: { field: 'image', std: 80 } },
  'transforms.RandGaussianSmooth': {
    args: { fields: 'image', prob: 1, sigma_x: [2, 2.5], sigma_y: [2, 2.5], sigma_z: [1, 1.5] },
  },
  'transforms.RandBiasField': { args: { fields: 'image', prob: 1, coeff_range: [-1, 1] } },
  'transforms.NPRandomFlip3D': { args: { ...both, probability: 1 } },
  'transforms.FlipAxisRandom': { args: { ...fields, axis: [0], probability: 1 } },
  'transforms.NPRandomRot90_XY': { args: { ...both, probability: 1 } },
  'transforms.NPRandomZoom3D': {
    args: { ...both, lower_limits: [1.3, 0.7, 1], upper_limits: [1.4, 0.8, 1] },
  },
  'transforms.RandAffine': {
    args: { ...fields, prob: 1, rotate_range: [0, 0, 0.6], scale_range: [0.2, 0.2, 0] },
  },
  'transforms.Rand3DElastic': { args: { ...fields, prob: 1, magnitude_range: [8, 10] } },
  'transforms.Orientation': { args: { ...fields, axcodes: 'LAS' } },
  'transforms.Spacing': { args: { ...fields, pixdim: [3, 3, 3] } },
  'transforms.ResampleVolume': {
    args: { applied_key: 'image', resolution: [1, 1, 1], target_resolution: [2, 0.7, 1] },
  },
  'transforms.SpatialPad': { args: { ...fields, spatial_size: [60, 60, 40] } },
  'transforms.CropSubVolumeCenter': { args: { ...fields, size: [24, 24, 24] } },
  'transforms.CropSubVolumeRandomWithinBounds': { args: { ...fields, size: [24, 24, 24] } },
  'transforms_ctrl.CropSubVolumePosNegRatioCtrlEpoch': {
    args: {
      ...crop,
      size: [24, 24, 24],
      ratio_start: 9,
      ratio_end: 1,
      ratio_step: 1,
      num_epochs: 5,
    },
  },
  'transforms_fastaug.TransformVolumeCropROIFastPosNegRatio': {
    args: {
      ...{ ...both, size: [32, 32, 24], deform: true, rotation: true, rotation_degree: 30 },
      ...{ scale: true, scale_factor: 0.2, pos: 9, neg: 1 },
    },
  },
  'transforms.CropForegroundObject': { args: { ...crop, size: [48, 48, 48], pad: 3 } },
  'transforms.AddExtremePointsChannel': { args: { ...crop, sigma: 3 }, channel: 1 },
  'transforms.CropRandomSubImageInRange': { args: { lower_size: 0.4 }, isPicture: true },
  'transforms.NPResizeImage': {
    args: { applied_keys: 'image', output_shape: [30, 70] },
    isPicture: true,
  },
  'transforms.NP2DRotate': { args: { applied_keys: 'image', angle: 25 }, isPicture: true },
};

/** `transforms.Spacing` -> `Spacing.png`. */
export function pictureName(name: string): string {
  return `${name.split('.').at(-1)}.png`;
}
