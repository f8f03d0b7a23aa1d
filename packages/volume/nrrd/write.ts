import { SextantError } from '#errors';
import { columnOf, originOf, perAxis, type Vec3 } from '#geometry';
import type { Dtype } from '#kernels';
import { gzipPieces } from '#volume/gzip';
import type { ImageFile } from '../image-file.ts';
import type { Volume } from '../volume.ts';
import { nrrdName } from './types.ts';

export interface NrrdFileOptions {
  /** 1 (fastest) to 9; default 2. */
  readonly level?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * An NRRD of voxels that come in pieces, in file order, little endian, gzip, in LPS, as 3D Slicer writes it.
 * Slope and intercept stand in the keys rescale_slope and rescale_intercept, which other readers leave
 * alone.
 *
 * @throws SextantError VOLUME_TYPE_UNSUPPORTED
 */
export function nrrdFile(
  volume: Omit<Volume, 'voxels' | 'warnings' | 'dispose'>,
  voxels: AsyncIterable<Uint8Array>,
  { level, signal }: NrrdFileOptions = {},
): ImageFile {
  const header = Buffer.from(headerText(volume), 'latin1');
  async function* pieces(): AsyncGenerator<Uint8Array, void> {
    yield header;
    yield* gzipPieces(voxels, { level, signal });
  }
  return { suffix: '.nrrd', pieces: pieces() };
}

function headerText({
  grid,
  dtype,
  frames,
  scale,
  timeStepSeconds,
}: Omit<Volume, 'voxels' | 'warnings' | 'dispose'>): string {
  const { shape, affine } = grid;
  const channels = dtype === 'rgb24' ? 3 : dtype === 'rgba32' ? 4 : 1;
  const before = channels > 1;
  const behind = frames > 1;
  const lps = ([x, y, z]: Vec3) => `(${[-x + 0, -y + 0, z].join(',')})`;
  const directions = perAxis((axis) => lps(columnOf(affine, axis)));
  const isScaled = scale.slope !== 1 || scale.intercept !== 0;
  const kind = channels === 3 ? 'RGB-color' : 'RGBA-color';
  return [
    'NRRD0005',
    `type: ${nrrdName(componentOf(dtype))}`,
    `dimension: ${3 + (before ? 1 : 0) + (behind ? 1 : 0)}`,
    'space: left-posterior-superior',
    `sizes: ${[...(before ? [channels] : []), ...shape, ...(behind ? [frames] : [])].join(' ')}`,
    `space directions: ${[...(before ? ['none'] : []), ...directions, ...(behind ? ['none'] : [])].join(' ')}`,
    `kinds: ${[...(before ? [kind] : []), 'domain domain domain', ...(behind ? ['list'] : [])].join(' ')}`,
    'endian: little',
    'encoding: gzip',
    `space origin: ${lps(originOf(affine))}`,
    ...(isScaled ? [`rescale_slope:=${scale.slope}`, `rescale_intercept:=${scale.intercept}`] : []),
    ...(behind && timeStepSeconds !== undefined ? [`time_step_seconds:=${timeStepSeconds}`] : []),
    '',
    '',
  ].join('\n');
}

function componentOf(dtype: Volume['dtype']): Dtype {
  if (dtype === 'rgb24' || dtype === 'rgba32') return 'uint8';
  if (dtype !== 'complex64' && dtype !== 'complex128') return dtype;
  throw new SextantError('VOLUME_TYPE_UNSUPPORTED', {
    subject: 'voxels',
    got: dtype,
    expected: 'numbers or colours',
    remedy: 'write NIfTI, which holds complex numbers',
  });
}
