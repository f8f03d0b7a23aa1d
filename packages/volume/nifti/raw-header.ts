import { NIFTI1, NIFTI2 } from 'nifti-reader-js';
import { SextantError } from '#errors';
import type { Vec3 } from '#geometry';
import type { ByteOrder } from '../bytes/byte-order.ts';
import { formatUnknown } from './format-unknown.ts';

export const NIFTI1_HEADER_BYTES = 348;
export const NIFTI2_HEADER_BYTES = 540;

/** The fields of a header as they stand in the file, nothing believed yet. */
export interface RawHeader {
  readonly version: 1 | 2;
  readonly byteOrder: ByteOrder;
  /** Header and voxels in one file, or a pair of header and image. */
  readonly singleFile: boolean;
  readonly dim: readonly number[];
  readonly datatype: number;
  readonly bitpix: number;
  readonly pixdim: readonly number[];
  readonly voxOffset: number;
  readonly slope: number;
  readonly intercept: number;
  readonly spatialUnits: number;
  readonly timeUnits: number;
  readonly qformCode: number;
  readonly sformCode: number;
  /** b, c, d. */
  readonly quaternion: Vec3;
  readonly quaternionOffset: Vec3;
  /** Three rows of four. */
  readonly sformRows: readonly number[];
  readonly description: string;
}

/**
 * How many bytes the header has, by its first field.
 * @param start the first bytes of the file
 * @throws SextantError VOLUME_FORMAT_UNKNOWN
 */
export function headerBytes(start: Uint8Array): number {
  return sizeAndOrder(start).size;
}

/**
 * Reads the header's fields. nifti-reader-js reads those that it reads rightly; 64-bit integers
 * (it loses the sign, and the order of the halves in big-endian files) and the sform (it overwrites
 * it with its own choice of affine) are read here.
 *
 * @param bytes exactly the header, without extensions
 * @throws SextantError VOLUME_FORMAT_UNKNOWN (also ANALYZE 7.5), VOLUME_CORRUPT, VOLUME_TRUNCATED
 */
export function parseRawHeader(bytes: Uint8Array): RawHeader {
  const { size, byteOrder } = sizeAndOrder(bytes);
  if (bytes.length < size) throw truncatedHeader(bytes.length, size);
  const own = bytes.slice(0, size);
  const version = size === NIFTI1_HEADER_BYTES ? 1 : 2;
  const singleFile = isSingleFile(own, version);
  const fields = version === 1 ? new NIFTI1() : new NIFTI2();
  fields.readHeader(own.buffer);
  const view = new DataView(own.buffer);
  return {
    version,
    byteOrder,
    singleFile,
    ...wideFields(view, { version, little: byteOrder === 'little' }),
    datatype: fields.datatypeCode,
    bitpix: fields.numBitsPerVoxel,
    pixdim: fields.pixDims,
    slope: fields.scl_slope,
    intercept: fields.scl_inter,
    spatialUnits: fields.xyzt_units & 0x07,
    timeUnits: fields.xyzt_units & 0x38,
    qformCode: fields.qform_code,
    sformCode: fields.sform_code,
    quaternion: [fields.quatern_b, fields.quatern_c, fields.quatern_d],
    quaternionOffset: [fields.qoffset_x, fields.qoffset_y, fields.qoffset_z],
    description: fields.description,
  };
}

export function truncatedHeader(got: number, expected: number): SextantError {
  return new SextantError('VOLUME_TRUNCATED', {
    subject: 'NIfTI header',
    got: `${got} bytes`,
    expected: `${expected} bytes`,
    remedy: 'copy or download the file again',
  });
}

function sizeAndOrder(bytes: Uint8Array): { size: number; byteOrder: ByteOrder } {
  if (bytes.length >= 4) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (const byteOrder of ['little', 'big'] as const) {
      const size = view.getInt32(0, byteOrder === 'little');
      if (size === NIFTI1_HEADER_BYTES || size === NIFTI2_HEADER_BYTES) return { size, byteOrder };
    }
  }
  throw formatUnknown(bytes);
}

const MAGIC_AT = { 1: 344, 2: 4 } as const;

/** The end of NIfTI-2's magic, made to show what a transfer as text does to a file. */
const LINE_ENDS = '\r\n\x1a\n';

function isSingleFile(bytes: Uint8Array, version: 1 | 2): boolean {
  const magic = Buffer.from(bytes).toString('latin1', MAGIC_AT[version], MAGIC_AT[version] + 8);
  const kind = magic.slice(0, 4);
  const known = kind === `n+${version}\0` || kind === `ni${version}\0`;
  if (!known && version === 1) {
    throw new SextantError('VOLUME_FORMAT_UNKNOWN', {
      subject: 'image header',
      got: 'a header without the NIfTI magic, as ANALYZE 7.5 has',
      expected: 'NIfTI-1 or NIfTI-2',
      remedy: 'ANALYZE does not say which side is left: convert it with a tool that you can tell',
    });
  }
  if (!known || (version === 2 && magic.slice(4) !== LINE_ENDS)) {
    throw new SextantError('VOLUME_CORRUPT', {
      subject: 'NIfTI header: magic',
      got: JSON.stringify(magic.slice(0, version === 1 ? 4 : 8)),
      expected: `"n+${version}" or "ni${version}" and the standard's closing bytes`,
      remedy: 'copy the file again, as binary',
    });
  }
  return kind.startsWith('n+');
}

function wideFields(
  view: DataView,
  { version, little }: { version: 1 | 2; little: boolean },
): Pick<RawHeader, 'dim' | 'voxOffset' | 'sformRows'> {
  const eight = Array.from({ length: 8 }, (_, position) => position);
  const twelve = Array.from({ length: 12 }, (_, position) => position);
  if (version === 1) {
    return {
      dim: eight.map((position) => view.getInt16(40 + 2 * position, little)),
      voxOffset: view.getFloat32(108, little),
      sformRows: twelve.map((position) => view.getFloat32(280 + 4 * position, little)),
    };
  }
  return {
    dim: eight.map((position) => Number(view.getBigInt64(16 + 8 * position, little))),
    voxOffset: Number(view.getBigInt64(168, little)),
    sformRows: twelve.map((position) => view.getFloat64(400 + 8 * position, little)),
  };
}
