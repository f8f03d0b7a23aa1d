import { AXES, type Axis, type Box, perAxis, type Vec3 } from '#geometry';
import { runLengths, type Tensor } from '#kernels';

/** Voxels (x, y, from) to (x, y, to) of a foreground, `to` not included. */
interface Run {
  readonly x: number;
  readonly y: number;
  readonly from: number;
  readonly to: number;
}

/**
 * A mask as its runs along z, in C order: a few thousand numbers that say where millions of voxels are.
 */
export class VoxelRuns {
  readonly shape: Vec3;
  readonly #runs: readonly Run[];
  readonly count: number;

  private constructor(shape: Vec3, runs: readonly Run[]) {
    this.shape = shape;
    this.#runs = runs;
    this.count = runs.reduce((sum, { from, to }) => sum + to - from, 0);
  }

  /** Of a uint8 mask [x, y, z] of zeros and ones. */
  static async of(mask: Tensor, signal: AbortSignal | undefined): Promise<VoxelRuns> {
    // Read along its last axis, as it lies in memory.
    using backwards = mask.permute([2, 1, 0]);
    const [nz = 0, ny = 0, nx = 0] = backwards.shape;
    const grid = { boxLow: [0, 0, 0] as const, shape: [nz, ny, nx] as const };
    const pairs = await runLengths({ mask: backwards, ...grid, ...(signal && { signal }) });
    return new VoxelRuns([nx, ny, nz], runsOf(pairs, ny, nz));
  }

  /** The smallest box of all voxels; all 0 where there is none. */
  get box(): Box {
    const first = this.#runs[0];
    if (first === undefined) return { low: [0, 0, 0], high: [0, 0, 0] };
    const low: [number, number, number] = [first.x, first.y, first.from];
    const high: [number, number, number] = [0, 0, 0];
    for (const { x, y, from, to } of this.#runs) {
      low[0] = Math.min(low[0], x);
      low[1] = Math.min(low[1], y);
      low[2] = Math.min(low[2], from);
      high[0] = Math.max(high[0], x + 1);
      high[1] = Math.max(high[1], y + 1);
      high[2] = Math.max(high[2], to);
    }
    return { low, high };
  }

  /** The voxels whose index along `axis` is `at`, in C order. */
  inPlane(axis: Axis, at: number): Vec3[] {
    const voxels: Vec3[] = [];
    for (const { x, y, from, to } of this.#runs) {
      if (axis === 2) {
        if (at >= from && at < to) voxels.push([x, y, at]);
      } else if ((axis === 0 ? x : y) === at) {
        for (let z = from; z < to; z++) voxels.push([x, y, z]);
      }
    }
    return voxels;
  }

  /** The nth voxel in C order, counted from 0. */
  nth(n: number): Vec3 {
    let left = n;
    for (const { x, y, from, to } of this.#runs) {
      if (left < to - from) return [x, y, from + left];
      left -= to - from;
    }
    throw new RangeError(`voxel ${n} of ${this.count}`);
  }

  /** The nth voxel that is none of them, in C order, counted from 0. */
  nthOther(n: number): Vec3 {
    const [, ny, nz] = this.shape;
    let position = n;
    for (const { x, y, from, to } of this.#runs) {
      // So many others come before this run: all that is counted so far and lies before it.
      if (position < (x * ny + y) * nz + from) break;
      position += to - from;
    }
    return perAxis(
      (axis) =>
        [Math.floor(position / (ny * nz)), Math.floor(position / nz) % ny, position % nz][axis] ??
        0,
    );
  }
}

/** Runs end where their row does. */
function runsOf(pairs: Uint32Array, ny: number, nz: number): Run[] {
  const runs: Run[] = [];
  let position = 0;
  for (let at = 0; at < pairs.length; at += 2) {
    const end = position + (pairs[at + 1] ?? 0);
    if (pairs[at] !== 0) {
      while (position < end) {
        const from = position % nz;
        const row = Math.floor(position / nz);
        const to = Math.min(nz, from + end - position);
        runs.push({ x: Math.floor(row / ny), y: row % ny, from, to });
        position += to - from;
      }
    }
    position = end;
  }
  return runs;
}

/** The six faces of a box: lowest and highest along x, y and z in turn. */
export function facesOf(box: Box): { axis: Axis; at: number }[] {
  return AXES.flatMap((axis) => [
    { axis, at: box.low[axis] },
    { axis, at: box.high[axis] - 1 },
  ]);
}
