import type { ByteOrder } from '../../bytes/byte-order.ts';
import { swapBytes } from '../../bytes/byte-order.ts';

// Images for tests, written from the standard's table of fields and not with the project's writer.

export interface SyntheticImage {
  version?: 1 | 2;
  order?: ByteOrder;
  magic?: string;
  dim?: readonly number[];
  datatype?: number;
  bitpix?: number;
  pixdim?: readonly number[];
  voxOffset?: number;
  slope?: number;
  intercept?: number;
  units?: number;
  qformCode?: number;
  sformCode?: number;
  quaternion?: readonly number[];
  offset?: readonly number[];
  sform?: readonly number[];
  /** The content of one header extension. */
  extension?: Uint8Array;
  /** In little-endian order; turned round for a big-endian image. */
  voxels?: Uint8Array;
  /** Bytes of one number of `voxels`. */
  width?: number;
}

/** Places of the fields: [NIfTI-1, NIfTI-2]. */
const AT = {
  dim: [40, 16],
  datatype: [70, 12],
  bitpix: [72, 14],
  pixdim: [76, 104],
  voxOffset: [108, 168],
  slope: [112, 176],
  intercept: [116, 184],
  units: [123, 500],
  qformCode: [252, 344],
  sformCode: [254, 348],
  quaternion: [256, 352],
  offset: [268, 376],
  sform: [280, 400],
  magic: [344, 4],
} as const;

/** A 2 x 3 x 4 uint8 image with voxels 0, 1, 2 … unless told otherwise. */
export function syntheticNifti(image: SyntheticImage = {}): Uint8Array {
  const { extension, version = 1, order = 'little' } = image;
  const extensionBytes = extension === undefined ? 0 : 8 + Math.ceil(extension.length / 16) * 16;
  const headerBytes = (version === 1 ? 348 : 540) + 4;
  const voxOffset = image.voxOffset ?? headerBytes + extensionBytes;
  const header = syntheticHeader({ ...image, voxOffset });
  const middle = new Uint8Array(4 + extensionBytes);
  if (extension !== undefined) {
    middle[0] = 1;
    const view = new DataView(middle.buffer);
    view.setInt32(4, extensionBytes, order === 'little');
    view.setInt32(8, 6, order === 'little');
    middle.set(extension, 12);
  }
  return Buffer.concat([header, middle, syntheticVoxels(image)]);
}

/** The header alone, as the .hdr of a pair has it when `magic` says so. */
export function syntheticHeader(image: SyntheticImage = {}): Uint8Array {
  const { version = 1, order = 'little', units = 2 } = image;
  const little = order === 'little';
  const column = version - 1;
  const bytes = new Uint8Array(version === 1 ? 348 : 540);
  const view = new DataView(bytes.buffer);
  const real = (field: keyof typeof AT, values: readonly number[]): void =>
    values.forEach((value, n) => {
      if (version === 1) view.setFloat32(placeOf(field, column) + 4 * n, value, little);
      else view.setFloat64(placeOf(field, column) + 8 * n, value, little);
    });
  const whole = (field: 'qformCode' | 'sformCode', value: number): void => {
    if (version === 1) view.setInt16(placeOf(field, column), value, little);
    else view.setInt32(placeOf(field, column), value, little);
  };
  view.setInt32(0, bytes.length, little);
  (image.dim ?? [3, 2, 3, 4, 1, 1, 1, 1]).forEach((count, n) => {
    if (version === 1) view.setInt16(AT.dim[0] + 2 * n, count, little);
    else view.setBigInt64(AT.dim[1] + 8 * n, BigInt(count), little);
  });
  view.setInt16(placeOf('datatype', column), image.datatype ?? 2, little);
  view.setInt16(placeOf('bitpix', column), image.bitpix ?? 8, little);
  real('pixdim', image.pixdim ?? [1, 1, 1, 1, 1, 1, 1, 1]);
  if (version === 1) real('voxOffset', [image.voxOffset ?? 352]);
  else view.setBigInt64(AT.voxOffset[1], BigInt(image.voxOffset ?? 544), little);
  real('slope', [image.slope ?? 1]);
  real('intercept', [image.intercept ?? 0]);
  if (version === 1) bytes[AT.units[0]] = units;
  else view.setInt32(AT.units[1], units, little);
  whole('qformCode', image.qformCode ?? 0);
  whole('sformCode', image.sformCode ?? 1);
  real('quaternion', image.quaternion ?? [0, 0, 0]);
  real('offset', image.offset ?? [0, 0, 0]);
  real('sform', image.sform ?? [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]);
  const magic = image.magic ?? 'n+';
  const text = version === 1 ? `${magic}1\0` : `${magic}2\0\r\n\x1a\n`;
  bytes.set(Buffer.from(text, 'latin1'), placeOf('magic', column));
  return bytes;
}

export function syntheticVoxels({
  order = 'little',
  voxels = Uint8Array.from({ length: 24 }, (_, n) => n),
  width = 1,
}: SyntheticImage): Uint8Array {
  const stored = voxels.slice();
  if (order === 'big') swapBytes(stored, width);
  return stored;
}

function placeOf(field: keyof typeof AT, column: number): number {
  return AT[field][column] ?? 0;
}
