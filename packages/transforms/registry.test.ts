import assert from 'node:assert/strict';
import { findTransform, TRANSFORMS } from './registry.ts';
import { knownNames } from './transform-name.ts';

/** The table of the guide's chapter 10.2, in its order, as it prints the names; without the writer. */
const GUIDE = `LoadNifty VolumeTo4dArray ScaleIntensityRange ScaleIntensityOscillation
transforms_ctrl.CropSubVolumePosNegRatioCtrlEpoch
transforms_fastaug.TransformVolumeCropROIFastPosNegRatio AdjustContrast AddGaussianNoise LoadPng
CropRandomSubImageInRange NPResizeImage NP2DRotate NPExpandDims NPRepChannels CenterData NPRandomFlip3D
NPRandomZoom3D CropForegroundObject NPRandomRot90_XY AddExtremePointsChannel
NormalizeNonzeroIntensities SplitAcrossChannels LoadResolutionFromNifty Load3DShapeFromNumpy
ResampleVolume BratsConvertLabels CropSubVolumeRandomWithinBounds FlipAxisRandom CropSubVolumeCenter
LoadNumpyFromFilename`.split(/\s+/);

describe('the transforms that there are', () => {
  it('are all of the guide, under the names that it prints', () => {
    for (const name of GUIDE) {
      const printed = name.includes('.') ? name : `transforms.${name}`;
      assert.equal(findTransform(printed)?.name, printed);
      const bare = printed.split('.')[1] ?? '';
      assert.equal(findTransform(bare)?.name, printed);
      assert.equal(findTransform(bare.replace('Nifty', 'Nifti'))?.name, printed);
    }
  });

  it('have names and spellings of their own', () => {
    const names = TRANSFORMS.flatMap(knownNames);
    assert.equal(new Set(names).size, names.length);
  });
});
