import { SextantError } from '#errors';
import { columnOf, originOf, perAxis, spacingOf, type Vec3 } from '#geometry';
import type { ImageFile } from '../image-file.ts';
import type { Volume, VoxelType } from '../volume.ts';

export interface MetaImageFilesOptions {
  /** Name of the files without ending: a .mhd names its .raw. */
  readonly stem: string;
  /** .mha; otherwise .mhd and .raw. */
  readonly isOneFile: boolean;
  readonly signal?: AbortSignal | undefined;
}

const TYPES: Readonly<Partial<Record<VoxelType, string>>> = {
  int8: 'MET_CHAR',
  uint8: 'MET_UCHAR',
  int16: 'MET_SHORT',
  uint16: 'MET_USHORT',
  int32: 'MET_INT',
  uint32: 'MET_UINT',
  int64: 'MET_LONG_LONG',
  uint64: 'MET_ULONG_LONG',
  float32: 'MET_FLOAT',
  float64: 'MET_DOUBLE',
  rgb24: 'MET_UCHAR',
  rgba32: 'MET_UCHAR',
};

/**
 * A MetaImage of voxels that come in pieces, in file order, little endian, not compressed. Directions are
 * at right angles: a sheared grid cannot be said here. Slope and intercept stand in
 * ElementToIntensityFunction…, which ITK keeps and does not apply.
 *
 * @throws SextantError VOLUME_TYPE_UNSUPPORTED
 */
export function metaImageFiles(
  volume: Omit<Volume, 'voxels' | 'warnings' | 'dispose'>,
  voxels: AsyncIterable<Uint8Array>,
  { stem, isOneFile }: MetaImageFilesOptions,
): ImageFile[] {
  const header = Buffer.from(headerText(volume, isOneFile ? 'LOCAL' : `${stem}.raw`), 'utf8');
  if (isOneFile) return [{ suffix: '.mha', pieces: joined(header, voxels) }];
  return [
    { suffix: '.raw', pieces: voxels },
    { suffix: '.mhd', pieces: joined(header) },
  ];
}

async function* joined(
  header: Uint8Array,
  voxels?: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  yield header;
  if (voxels !== undefined) yield* voxels;
}

function headerText(
  { grid, dtype, frames, scale, timeStepSeconds }: Omit<Volume, 'voxels' | 'warnings' | 'dispose'>,
  dataFile: string,
): string {
  const { shape, affine } = grid;
  const has4 = frames > 1;
  const spacing = spacingOf(affine);
  // ITK's world is LPS.
  const lps = ([x, y, z]: Vec3): number[] => [-x + 0, -y + 0, z];
  const directions = perAxis((axis) =>
    lps(columnOf(affine, axis)).map((step) => step / spacing[axis]),
  );
  const matrix = has4
    ? [...directions.flatMap((direction) => [...direction, 0]), 0, 0, 0, 1]
    : directions.flat();
  const offset = lps(originOf(affine));
  const channels = dtype === 'rgb24' ? 3 : dtype === 'rgba32' ? 4 : 1;
  const isScaled = scale.slope !== 1 || scale.intercept !== 0;
  return [
    'ObjectType = Image',
    `NDims = ${has4 ? 4 : 3}`,
    'BinaryData = True',
    'BinaryDataByteOrderMSB = False',
    'CompressedData = False',
    `TransformMatrix = ${matrix.join(' ')}`,
    `Offset = ${[...offset, ...(has4 ? [0] : [])].join(' ')}`,
    `CenterOfRotation = ${has4 ? '0 0 0 0' : '0 0 0'}`,
    `ElementSpacing = ${[...spacing, ...(has4 ? [timeStepSeconds ?? 1] : [])].join(' ')}`,
    `DimSize = ${[...shape, ...(has4 ? [frames] : [])].join(' ')}`,
    ...(channels > 1 ? [`ElementNumberOfChannels = ${channels}`] : []),
    ...(isScaled
      ? [
          `ElementToIntensityFunctionSlope = ${scale.slope}`,
          `ElementToIntensityFunctionOffset = ${scale.intercept}`,
        ]
      : []),
    `ElementType = ${elementType(dtype)}`,
    `ElementDataFile = ${dataFile}`,
    '',
  ].join('\n');
}

function elementType(dtype: VoxelType): string {
  const name = TYPES[dtype];
  if (name !== undefined) return name;
  throw new SextantError('VOLUME_TYPE_UNSUPPORTED', {
    subject: 'voxels',
    got: dtype,
    expected: `one of ${Object.keys(TYPES).join(', ')}`,
    remedy: 'write NIfTI, which holds complex numbers',
  });
}
