import { compareWithTwin, needsTwin } from './compare.ts';

const BOTH = ['image', 'label'];
const LOAD = { name: 'LoadNifty', fields: BOTH };

/** Each behind LoadNifty, on images of about 35 x 50 x 35 voxels of 1 mm. */
const CHAINS: readonly (readonly [what: string, transforms: readonly object[]])[] = [
  ['a crop in the middle', [{ name: 'CropSubVolumeCenter', fields: BOTH, size: [20, 21, 64] }]],
  [
    'a crop anywhere',
    [{ name: 'CropSubVolumeRandomWithinBounds', fields: BOTH, size: [16, 24, 64] }],
  ],
  [
    'crops of foreground and background, by the epoch',
    [
      {
        name: 'transforms_ctrl.CropSubVolumePosNegRatioCtrlEpoch',
        ...{ image_field: 'image', label_field: 'label', size: [24, 24, 48] },
        ...{ ratio_start: 3, ratio_end: 0.25, ratio_step: 1, num_epochs: 1 },
      },
    ],
  ],
  ['flips of axes', [{ name: 'FlipAxisRandom', fields: BOTH, axis: [0, 2] }]],
  ['padding on both sides', [{ name: 'SpatialPad', fields: BOTH, spatial_size: [64, 20, 49] }]],
  [
    'padding behind',
    [{ name: 'SpatialPad', fields: 'image', spatial_size: [60, 60, 60], method: 'end', value: -3 }],
  ],
  ['axes that point elsewhere', [{ name: 'Orientation', fields: BOTH, axcodes: 'PIR' }]],
  ['another spacing', [{ name: 'Spacing', fields: BOTH, pixdim: [0.7, 1.3, 2] }]],
  [
    'another resolution',
    [
      {
        name: 'ResampleVolume',
        ...{ applied_key: 'image', resolution: [1, 2, 3], target_resolution: [1.5, 1.5, 1.5] },
      },
    ],
  ],
  [
    'turns, scales and shifts',
    [
      {
        name: 'RandAffine',
        ...{ fields: BOTH, prob: 1, rotate_range: [0.3, 0.2, 0.4] },
        ...{ scale_range: [0.1, 0.2, 0.1], translate_range: [3, 2, 1] },
      },
    ],
  ],
  [
    'turns into another size',
    [
      {
        name: 'RandAffine',
        fields: BOTH,
        prob: 1,
        rotate_range: [1, 1, 1],
        spatial_size: [40, 32, 24],
      },
    ],
  ],
  [
    'percentiles to a range',
    [
      {
        name: 'ScaleIntensityRangePercentiles',
        ...{ fields: 'image', lower: 1, upper: 99, b_min: -1, b_max: 2, clip: true },
      },
    ],
  ],
  [
    'elastic deformations',
    [{ name: 'Rand3DElastic', fields: BOTH, prob: 1, magnitude_range: [3, 5] }],
  ],
  [
    'a turned and scaled crop',
    [
      {
        name: 'transforms_fastaug.TransformVolumeCropROIFastPosNegRatio',
        ...{ applied_keys: BOTH, size: [24, 20, 28], deform: false, pos: 2, neg: 1 },
        ...{ rotation: true, rotation_degree: 15, scale: true, scale_factor: 0.1 },
      },
    ],
  ],
  [
    'a turned, scaled and deformed crop',
    [
      {
        name: 'transforms_fastaug.TransformVolumeCropROIFastPosNegRatio',
        ...{ applied_keys: BOTH, size: [24, 20, 28], deform: true, pos: 2, neg: 1 },
        ...{ rotation: true, rotation_degree: 15, scale: true, scale_factor: 0.1 },
      },
    ],
  ],
  ['a contrast', [{ name: 'AdjustContrast', field: 'image' }]],
  ['noise', [{ name: 'AddGaussianNoise', field: BOTH, std: 50 }]],
  [
    'a Gaussian',
    [{ name: 'RandGaussianSmooth', fields: 'image', prob: 1, sigma_x: [2, 3], sigma_z: [0.5, 1] }],
  ],
  ['a bias field', [{ name: 'RandBiasField', fields: 'image', prob: 1, coeff_range: [-0.3, 0.3] }]],
  ['the labels of BraTS', [{ name: 'BratsConvertLabels', fields: 'label' }]],
  [
    'one of the labels at random',
    [
      {
        name: 'CropForegroundObject',
        ...{ image_field: 'image', label_field: 'label', size: [24, 24, 24], pad: 3 },
        foreground_only: false,
      },
    ],
  ],
  [
    "extreme points by MONAI's kernel",
    [
      {
        name: 'AddExtremePointsChannel',
        ...{ image_field: 'image', label_field: 'label', sigma: 2.5, kernel: 'monai' },
      },
    ],
  ],
  [
    'the whole tumor of three channels',
    [
      { name: 'BratsConvertLabels', fields: 'label' },
      { name: 'AddExtremePointsChannel', image_field: 'image', label_field: 'label', sigma: 3 },
      {
        name: 'CropForegroundObject',
        ...{ image_field: 'image', label_field: 'label', size: [24, 24, 24], pad: 3 },
      },
    ],
  ],
  ['its own mean and deviation', [{ name: 'NormalizeIntensity', fields: 'image' }]],
  [
    'a given mean and deviation',
    [{ name: 'NormalizeIntensity', fields: 'image', subtrahend: 300, divisor: 120 }],
  ],
  ['channels again', [{ name: 'NPRepChannels', applied_keys: 'image', repeat: 3 }]],
  [
    'labels of channels',
    [
      { name: 'NPRepChannels', applied_keys: 'label', repeat: 2 },
      { name: 'ArgmaxAcrossChannels', fields: 'image' },
      { name: 'ApplyThreshold', fields: 'label', threshold: 2 },
    ],
  ],
  [
    'what is enclosed',
    [
      { name: 'NormalizeIntensity', fields: 'image' },
      { name: 'ApplyThreshold', fields: 'image', threshold: 0.3 },
      { name: 'FillHoles', fields: 'image' },
      { name: 'FillHoles', fields: 'label', applied_labels: [2, 1] },
    ],
  ],
  ['what is enclosed by any label', [{ name: 'FillHoles', fields: 'label' }]],
  [
    'the largest part',
    [
      { name: 'NormalizeIntensity', fields: 'image' },
      { name: 'ApplyThreshold', fields: 'image', threshold: 1 },
      { name: 'KeepLargestConnectedComponent', fields: 'image', connectivity: 18 },
      { name: 'KeepLargestConnectedComponent', fields: 'label', applied_labels: [1, 2] },
    ],
  ],
];

describe('transforms one by one, beside a twin in numpy and scipy', function () {
  this.timeout(120_000);
  before(function () {
    needsTwin(this);
  });

  for (const [what, transforms] of CHAINS) {
    it(what, async () => {
      for (const [item, name] of ['003', '250'].entries()) {
        const sample = { seed: 5, epoch: 1 + item, item };
        await compareWithTwin({ pre_transforms: [LOAD, ...transforms] }, name, sample);
      }
    });
  }
});
