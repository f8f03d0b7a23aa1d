import { SextantError } from '#errors';
import { affineOfColumns, assertInvertible, type Grid, scaled, type Vec3 } from '#geometry';
import type { Dtype } from '#kernels';
import type { ByteOrder } from '../bytes/byte-order.ts';
import type { Scale, VoxelType, Warning } from '../volume.ts';
import { broken, Fields } from './fields.ts';

export interface MetaImageHeader {
  readonly grid: Grid;
  readonly frames: number;
  readonly dtype: VoxelType;
  readonly component: Dtype;
  readonly components: number;
  readonly width: number;
  /** Bytes of the voxels, not compressed. A double, since a header can promise more than memory has. */
  readonly voxelBytes: number;
  readonly byteOrder: ByteOrder;
  readonly isCompressed: boolean;
  /** Bytes before the voxels of their file; -1: they end with the file. */
  readonly headerSize: number;
  /** LOCAL, or a file's name. */
  readonly dataFile: string;
  readonly scale: Scale;
  readonly timeStepSeconds?: number | undefined;
  readonly warnings: readonly Warning[];
}

const TYPES: Readonly<Record<string, readonly [Dtype, number]>> = {
  MET_CHAR: ['int8', 1],
  MET_UCHAR: ['uint8', 1],
  MET_SHORT: ['int16', 2],
  MET_USHORT: ['uint16', 2],
  MET_INT: ['int32', 4],
  MET_UINT: ['uint32', 4],
  // Four bytes in the format, whatever the machine's long is.
  MET_LONG: ['int32', 4],
  MET_ULONG: ['uint32', 4],
  MET_LONG_LONG: ['int64', 8],
  MET_ULONG_LONG: ['uint64', 8],
  MET_FLOAT: ['float32', 4],
  MET_DOUBLE: ['float64', 8],
};

/** @throws SextantError VOLUME_CORRUPT, VOLUME_TYPE_UNSUPPORTED, VOLUME_AFFINE_SINGULAR */
export function interpretHeader(lines: readonly string[]): MetaImageHeader {
  const fields = new Fields(lines);
  const [dims = 3] = fields.numbers(1, 'NDims') ?? [];
  if (![2, 3, 4].includes(dims)) throw broken('NDims', String(dims), '2, 3 or 4');
  const sizes = fields.numbers(dims, 'DimSize') ?? [];
  const isCount = (n: number) => Number.isInteger(n) && n >= 1 && n < 2 ** 31;
  if (sizes.length === 0 || !sizes.every(isCount)) {
    throw broken('DimSize', fields.text('DimSize') ?? 'nothing', `${dims} counts`);
  }
  const [nx = 1, ny = 1, nz = 1, frames = 1] = sizes;
  const type = typeOf(fields);
  const { affine, spacing, warnings } = placed(fields, dims);
  const dataFile = fields.text('ElementDataFile') ?? '';
  return {
    grid: { shape: [nx, ny, nz], affine },
    frames,
    ...type,
    voxelBytes: sizes.reduce((product, size) => product * size, type.width * type.components),
    byteOrder: fields.flag('BinaryDataByteOrderMSB', 'ElementByteOrderMSB') ? 'big' : 'little',
    isCompressed: fields.flag('CompressedData'),
    headerSize: fields.numbers(1, 'HeaderSize')?.[0] ?? 0,
    dataFile,
    scale: {
      slope: fields.numbers(1, 'ElementToIntensityFunctionSlope')?.[0] ?? 1,
      intercept: fields.numbers(1, 'ElementToIntensityFunctionOffset')?.[0] ?? 0,
    },
    timeStepSeconds: dims === 4 ? spacing?.[3] : undefined,
    warnings,
  };
}

function typeOf(fields: Fields) {
  const name = fields.text('ElementType') ?? '';
  const [component, width] = TYPES[name.replace(/_ARRAY$/, '')] ?? [];
  const components = fields.numbers(1, 'ElementNumberOfChannels')?.[0] ?? 1;
  const isColour = component === 'uint8' && (components === 3 || components === 4);
  if (component === undefined || width === undefined || !(components === 1 || isColour)) {
    throw new SextantError('VOLUME_TYPE_UNSUPPORTED', {
      subject: 'MetaImage header: ElementType',
      got: `${name} with ${components} channels`,
      expected: `one of ${Object.keys(TYPES).join(', ')}, or MET_UCHAR with 3 or 4 channels`,
      remedy: 'convert the image to one of them',
    });
  }
  if (fields.text('BinaryData') !== undefined && !fields.flag('BinaryData')) {
    throw broken('BinaryData', 'False', 'True: voxels as text are not read');
  }
  const dtype: VoxelType = components === 1 ? component : components === 3 ? 'rgb24' : 'rgba32';
  return { component, width, components, dtype };
}

/**
 * LPS in the file. The first numbers of TransformMatrix are the direction of the first axis, and so on;
 * ITK ignores CenterOfRotation, and so does everyone who reads images.
 */
function placed(fields: Fields, dims: number) {
  const spacing = fields.numbers(dims, 'ElementSpacing', 'ElementSize');
  const matrix = fields.numbers(dims * dims, 'TransformMatrix', 'Rotation', 'Orientation');
  const offset = fields.numbers(dims, 'Offset', 'Position', 'Origin') ?? [];
  const entry = (axis: number, row: number): number => {
    if (axis >= dims || row >= dims) return axis === row ? 1 : 0;
    return matrix?.[axis * dims + row] ?? (axis === row ? 1 : 0);
  };
  const columns = [0, 1, 2].map((axis) => {
    const direction: Vec3 = [-entry(axis, 0) + 0, -entry(axis, 1) + 0, entry(axis, 2)];
    return scaled(direction, spacing?.[axis] ?? 1);
  }) as [Vec3, Vec3, Vec3];
  const origin: Vec3 = [
    -(offset[0] ?? 0) + 0,
    -(offset[1] ?? 0) + 0,
    dims > 2 ? (offset[2] ?? 0) : 0,
  ];
  const affine = affineOfColumns(columns, origin);
  assertInvertible(affine);
  const warnings: Warning[] = [
    ...(spacing === undefined ? [SPACING_UNKNOWN] : []),
    ...(matrix === undefined ? [ORIENTATION_UNKNOWN] : []),
  ];
  return { affine, spacing, warnings };
}

const SPACING_UNKNOWN: Warning = {
  reason: 'SPACING_UNKNOWN',
  message: 'the header has no ElementSpacing: 1 mm was taken',
};

const ORIENTATION_UNKNOWN: Warning = {
  reason: 'ORIENTATION_UNKNOWN',
  message: 'the header has no TransformMatrix: its axes were taken for left, back and head',
};
