import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Affine, Vec3 } from '#geometry';
import { type Dtype, Tensor } from '#kernels';
import { writeNifti } from '#volume/nifti';
import { compilePreparation } from '../chain/compile-preparation.ts';
import { type Item, type PrepareOptions, prepareItem } from '../chain/prepare-item.ts';
import type { Fields } from '../fields.ts';

const ONE_MM = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

export interface TestImage {
  readonly shape: Vec3;
  /** First axis fastest, frame after frame. */
  readonly values: readonly number[];
  readonly affine?: Affine;
  readonly dtype?: Dtype;
}

/** A folder of images for a chain to read. */
export class ImageFolder implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'sextant-chains-'));

  at(name: string): string {
    return join(this.#folder, name);
  }

  /** Writes an image of as many frames as there are values for, and says where. */
  async image(name: string, { shape, values, affine = ONE_MM, dtype = 'float32' }: TestImage) {
    const [nx, ny, nz] = shape;
    const frames = values.length / (nx * ny * nz);
    const stacked: Vec3 = [nx, ny, nz * frames];
    using voxels = Tensor.fromArray(dtype, stacked, values, { order: 'F' });
    const bytes = Buffer.from(
      await writeNifti({ grid: { shape: stacked, affine }, dtype, voxels }),
    );
    // dim of NIfTI-1: the number of axes, then the extent of each.
    const dim = frames > 1 ? [4, nx, ny, nz, frames] : [3];
    for (const [at, extent] of dim.entries()) bytes.writeInt16LE(extent, 40 + 2 * at);
    writeFileSync(this.at(name), bytes);
    return this.at(name);
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}

/** What a chain that is right makes of files; the caller disposes the fields. */
export async function prepared(
  transforms: readonly object[],
  item: Item,
  options: PrepareOptions = {},
): Promise<Fields> {
  const question = { files: item.files, hasPoints: item.points !== undefined };
  const { preparation, problems } = compilePreparation({ pre_transforms: transforms }, question);
  assert.deepEqual(problems, []);
  return await prepareItem(preparation ?? assert.fail(), item, options);
}

export function valuesOf(fields: Fields, name: string): number[] {
  return Array.from(fields.array(name).storage.toArray(), Number);
}
