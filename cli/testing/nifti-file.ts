/** For tests: a NIfTI-1 file made by hand, right or wrong in any field. */
export interface NiftiFields {
  /** dim[1] and on. */
  dims?: readonly number[];
  datatype?: number;
  bitpix?: number;
  /** Rows of the sform. */
  affine?: readonly (readonly number[])[];
  /** The value of the voxel at a position in the file. */
  voxel?: (at: number) => number;
  /** Bytes of voxels to write, when not what the header promises. */
  voxelBytes?: number;
  magic?: string;
}

const VOX_OFFSET = 352;
const FLOAT32 = 16;
export const RGB24 = 128;

/** A float32 image of 20 x 24 x 16 voxels of 1 mm with a bright block, unless fields say otherwise. */
export function niftiFile(fields: NiftiFields = {}): Buffer {
  const { dims = [20, 24, 16], datatype = FLOAT32, bitpix = 32, magic = 'n+1\0' } = fields;
  const header = Buffer.alloc(VOX_OFFSET);
  header.writeInt32LE(348, 0);
  header.writeInt16LE(dims.length, 40);
  for (let axis = 0; axis < 7; axis++) header.writeInt16LE(dims[axis] ?? 1, 42 + 2 * axis);
  header.writeInt16LE(datatype, 70);
  header.writeInt16LE(bitpix, 72);
  for (let axis = 0; axis < 8; axis++) header.writeFloatLE(1, 76 + 4 * axis);
  header.writeFloatLE(magic.startsWith('n+') ? VOX_OFFSET : 0, 108);
  header.writeInt16LE(1, 254);
  const rows = fields.affine ?? [
    [1, 0, 0, -10],
    [0, 1, 0, -12],
    [0, 0, 1, -8],
  ];
  for (const [row, numbers] of rows.entries()) {
    for (const [column, value] of numbers.entries()) {
      header.writeFloatLE(value, 280 + 16 * row + 4 * column);
    }
  }
  header.write(magic, 344, 'latin1');
  return Buffer.concat([header, voxelsOf(fields, dims, bitpix)]);
}

/** The two files of a pair. */
export function niftiPair(fields: NiftiFields = {}): { hdr: Buffer; img: Buffer } {
  const file = niftiFile({ ...fields, magic: 'ni1\0' });
  return { hdr: file.subarray(0, 348), img: file.subarray(VOX_OFFSET) };
}

function voxelsOf(fields: NiftiFields, dims: readonly number[], bitpix: number): Buffer {
  const count = dims.reduce((product, size) => product * size, 1);
  if (fields.voxelBytes !== undefined) return Buffer.alloc(fields.voxelBytes);
  const bytes = Buffer.alloc((count * bitpix) / 8);
  if (bitpix !== 32) return bytes.fill(7);
  const voxel = fields.voxel ?? ((at: number) => blockAt(at, dims));
  for (let at = 0; at < count; at++) bytes.writeFloatLE(voxel(at), 4 * at);
  return bytes;
}

function blockAt(at: number, [nx = 1, ny = 1, nz = 1]: readonly number[]): number {
  const position = [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny)) % nz];
  const inside = position.every((p, axis) => p > 4 && p < ([nx, ny, nz][axis] ?? 0) - 5);
  return (inside ? 200 : 50) + (at % 5);
}
