import { SextantError } from '#errors';
import type { Warning } from '#volume';
import type { SampleType } from '../frame-request.ts';
import type { Rescale } from '../instance.ts';
import { sampleTypeOf } from '../pixels/sample-type.ts';
import type { Slice } from './slice.ts';

export interface VoxelPlan {
  readonly type: SampleType;
  readonly rescale: Rescale | undefined;
  readonly changes: readonly Warning[];
  readonly warnings: readonly Warning[];
}

/** What a volume's voxels are, from those of its slices; or why there are none. */
export function voxelsOf(slices: readonly Slice[]): VoxelPlan | SextantError {
  const [first] = slices;
  if (first === undefined) throw new Error('a volume without slices');
  const { pixels } = first.instance;
  const type = sampleTypeOf(pixels);
  if (type.components === 3) return colour(first, type);
  const { rescale } = first.about;
  const isOne =
    rescale.lut === undefined && slices.every(({ about }) => isSame(about.rescale, rescale));
  const changes: Warning[] = [];
  if (!isOne) {
    const message = 'slices have rescales of their own: voxels are their float32 values';
    changes.push({ reason: 'SCALED_TO_FLOAT', message });
  }
  const warnings: Warning[] = [];
  const inverted = slices.filter(({ instance }) => instance.pixels.photometric === 'MONOCHROME1');
  if (inverted.length > 0) {
    const which =
      inverted.length === slices.length
        ? 'the file wants'
        : `${inverted.length} of ${slices.length} slices want`;
    const message = `stored values are kept; ${which} low values shown bright (MONOCHROME1)`;
    warnings.push({ reason: 'PHOTOMETRIC_INVERTED', message });
  }
  if (slices.some(({ about }) => about.rescale.isSlopeZero)) {
    const message = 'RescaleSlope (0028,1053) is 0, which would leave no image: 1 was taken';
    warnings.push({ reason: 'SCALE_IGNORED', message });
  }
  return { type, rescale: isOne ? rescale : undefined, changes, warnings };
}

function colour({ instance: { pixels, name } }: Slice, type: SampleType): VoxelPlan | SextantError {
  if (type.dtype !== 'uint8') {
    return new SextantError('VOLUME_TYPE_UNSUPPORTED', {
      subject: name,
      got: `colours of ${pixels.bitsAllocated} bits`,
      expected: 'colours of 8 bits',
      remedy: 'export the image with 8 bits a colour',
    });
  }
  const changes: Warning[] = [];
  if (pixels.photometric !== 'RGB') {
    const message = `colours were converted from ${pixels.photometric} to RGB`;
    changes.push({ reason: 'COLOUR_CONVERTED', message });
  }
  return { type, rescale: { slope: 1, intercept: 0 }, changes, warnings: [] };
}

function isSame(a: Rescale, b: Rescale): boolean {
  return a.slope === b.slope && a.intercept === b.intercept && a.lut === b.lut;
}
