import { SextantError } from '#errors';
import type { Dtype } from '#kernels';
import type { VoxelType } from '../volume.ts';

/** How a voxel of a NIfTI datatype lies in the file. */
export interface VoxelLayout {
  readonly code: number;
  readonly type: VoxelType;
  /** The number type of each component. */
  readonly component: Dtype;
  readonly components: number;
  readonly bitpix: number;
}

const LAYOUTS: readonly VoxelLayout[] = [
  scalar(2, 'uint8', 8),
  scalar(4, 'int16', 16),
  scalar(8, 'int32', 32),
  scalar(16, 'float32', 32),
  { code: 32, type: 'complex64', component: 'float32', components: 2, bitpix: 64 },
  scalar(64, 'float64', 64),
  { code: 128, type: 'rgb24', component: 'uint8', components: 3, bitpix: 24 },
  scalar(256, 'int8', 8),
  scalar(512, 'uint16', 16),
  scalar(768, 'uint32', 32),
  scalar(1024, 'int64', 64),
  scalar(1280, 'uint64', 64),
  { code: 1792, type: 'complex128', component: 'float64', components: 2, bitpix: 128 },
  { code: 2304, type: 'rgba32', component: 'uint8', components: 4, bitpix: 32 },
];

/** Datatypes of the standard that have no place in an addon tensor. */
const UNSUPPORTED: ReadonlyMap<number, string> = new Map([
  [0, 'an unknown type'],
  [1, 'binary (1 bit a voxel)'],
  [255, 'all types at once'],
  [1536, 'float128'],
  [2048, 'complex256'],
]);

/**
 * The layout of a datatype code.
 * @throws SextantError VOLUME_TYPE_UNSUPPORTED for a code that is not read, VOLUME_CORRUPT when
 *   `bitpix` contradicts the code
 */
export function voxelLayout(code: number, bitpix: number): VoxelLayout {
  const layout = LAYOUTS.find((candidate) => candidate.code === code);
  if (layout === undefined) {
    const name = UNSUPPORTED.get(code) ?? 'not in the standard';
    throw new SextantError('VOLUME_TYPE_UNSUPPORTED', {
      subject: 'NIfTI header: datatype',
      got: `${code} (${name})`,
      expected: `one of ${LAYOUTS.map(({ type }) => type).join(', ')}`,
      remedy: 'convert the image to float32 or to an integer type',
    });
  }
  if (layout.bitpix !== bitpix) {
    throw new SextantError('VOLUME_CORRUPT', {
      subject: 'NIfTI header: bitpix',
      got: `${bitpix}`,
      expected: `${layout.bitpix}, as datatype ${code} (${layout.type}) has`,
      remedy: 'write the image again with a tool that keeps the two in step',
    });
  }
  return layout;
}

/** @throws SextantError VOLUME_TYPE_UNSUPPORTED */
export function layoutOfType(type: VoxelType): VoxelLayout {
  const layout = LAYOUTS.find((candidate) => candidate.type === type);
  if (layout !== undefined) return layout;
  throw new SextantError('VOLUME_TYPE_UNSUPPORTED', {
    subject: 'voxels',
    got: String(type),
    expected: `one of ${LAYOUTS.map((known) => known.type).join(', ')}`,
  });
}

function scalar(code: number, type: Dtype, bitpix: number): VoxelLayout {
  return { code, type, component: type, components: 1, bitpix };
}
