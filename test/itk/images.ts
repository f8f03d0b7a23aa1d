import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Affine, affineOfColumns, cross, scaled, type Vec3 } from '#geometry';
import { type Dtype, Tensor } from '#kernels';
import { type ImageFile, type Volume, voxelPieces } from '#volume';

/** A small image of which every voxel is another. */
export function testVolume(
  affine: Affine,
  { dtype = 'int16', shape = [7, 6, 5] }: { dtype?: Dtype; shape?: Vec3 } = {},
): Volume {
  const [nx, ny, nz] = shape;
  const isSigned = !dtype.startsWith('u');
  const values = Array.from({ length: nx * ny * nz }, (_, n) => {
    const value = ((n * 37) % 251) - (isSigned ? 100 : 0);
    return dtype.startsWith('float') ? value + 0.25 : Math.max(isSigned ? -100 : 0, value % 127);
  });
  const voxels = Tensor.fromArray(dtype, shape, values, { order: 'F' });
  return {
    grid: { shape, affine },
    dtype,
    voxels,
    scale: { slope: 1, intercept: 0 },
    frames: 1,
    warnings: [],
    dispose: () => voxels.dispose(),
  };
}

const SPACING: Vec3 = [0.8, 1.1, 2.5];
const ORIGIN: Vec3 = [-31.5, 17.25, 40];

/** A rotation by no round angle, or none. */
function rotation(isOblique: boolean): [Vec3, Vec3, Vec3] {
  if (!isOblique) {
    return [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
  }
  const k: Vec3 = scaled([0.2, -0.3, 1], 1 / Math.hypot(0.2, -0.3, 1));
  const across = cross([0.1, 1, 0], k);
  const i = scaled(across, 1 / Math.hypot(...across));
  return [i, cross(k, i), k];
}

/** The 48 ways in which axes can lie, each also turned obliquely; spacing differs from axis to axis. */
export function orientations(): { name: string; affine: Affine }[] {
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ] as const;
  const all: { name: string; affine: Affine }[] = [];
  for (const isOblique of [false, true]) {
    const axes = rotation(isOblique);
    for (const order of orders) {
      for (let signs = 0; signs < 8; signs++) {
        const columns = order.map((axis, n) =>
          scaled(axes[axis], (signs & (1 << n) ? -1 : 1) * (SPACING[n] ?? 1)),
        ) as [Vec3, Vec3, Vec3];
        const name = `${isOblique ? 'oblique ' : ''}${order.join('')}, signs ${signs}`;
        all.push({ name, affine: affineOfColumns(columns, ORIGIN) });
      }
    }
  }
  return all;
}

/** Writes the files of an image beside each other and gives the path of the last, which is the header's. */
export async function writeFiles(
  folder: string,
  stem: string,
  files: readonly ImageFile[],
): Promise<string> {
  let path = '';
  for (const { suffix, pieces } of files) {
    const parts: Buffer[] = [];
    for await (const piece of pieces) parts.push(Buffer.from(piece));
    path = join(folder, `${stem}${suffix}`);
    writeFileSync(path, Buffer.concat(parts));
  }
  return path;
}

export const piecesOf = ({ voxels }: Volume) => voxelPieces(voxels);
