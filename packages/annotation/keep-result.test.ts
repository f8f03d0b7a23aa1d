import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identityAffine, type Vec3 } from '#geometry';
import { Tensor } from '#kernels';
import type { ModelPool } from '#models';
import { click } from './click.ts';
import { encodeNiftiGzip, encodeRunLengths } from './encode.ts';
import { keepResult } from './keep-result.ts';
import { prepareVolume } from './prepare-volume.ts';
import { shippedModels } from './testing/shipped-models.ts';

const POINTS: readonly Vec3[] = [
  [6, 12, 12],
  [18, 12, 12],
  [12, 6, 12],
  [12, 18, 12],
  [12, 12, 6],
  [12, 12, 18],
];

describe('a mask that is kept', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-kept-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const file = Uint8Array.of(1, 2, 3);

  it("lies in a folder of its owner's, made when missing, under a name of its own", async () => {
    const directory = join(folder, 'results', 'liver');
    const kept = [await keepResult(directory, file), await keepResult(directory, file)];
    const names = kept.map((result) => ('name' in result ? result.name : 'none'));
    assert.deepEqual(readdirSync(directory).sort(), names.sort());
    assert.notEqual(names[0], names[1]);
    for (const name of names) {
      assert.deepEqual(new Uint8Array(readFileSync(join(directory, name))), file);
      assert.equal(statSync(join(directory, name)).mode & 0o077, 0);
    }
    assert.equal(statSync(directory).mode & 0o077, 0);
  });

  it('is a warning where it cannot be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    const result = await keepResult(join(folder, 'file', 'results'), file);
    assert.equal('warning' in result && result.warning.reason, 'RESULT_NOT_KEPT');
  });

  describe('by a click', () => {
    let pool: ModelPool;
    before(async () => {
      pool = await shippedModels();
    });
    after(() => pool.dispose());

    async function decode() {
      const shape: Vec3 = [24, 24, 24];
      const voxels = Tensor.empty('uint8', shape, { order: 'F' });
      voxels.bytes().fill(100, 4000, 9000);
      const scale = { slope: 1, intercept: 0 };
      const grid = { shape, affine: identityAffine };
      const dispose = () => voxels.dispose();
      const decoded = { grid, dtype: 'uint8', voxels, scale, frames: 1, warnings: [] } as const;
      const volume = await prepareVolume({ ...decoded, dispose });
      return { volume, [Symbol.dispose]: () => volume.dispose() };
    }

    async function clickWith(keepResults: boolean, resultDir: string | undefined) {
      const model = { ...pool.get('annotation_any'), resultDir };
      const how = { space: 'index', encode: encodeRunLengths, keepResults } as const;
      return await click({ model, decode, points: POINTS, ...how });
    }

    it('only when asked, and only where the model has a result_dir', async () => {
      assert.equal((await clickWith(false, folder)).kept, undefined);
      assert.equal((await clickWith(true, undefined)).kept, undefined);
      assert.deepEqual(readdirSync(folder), []);
    });

    it('is the .nii.gz, whatever encoding the caller wanted', async () => {
      const { kept = '', warnings } = await clickWith(true, folder);
      assert.deepEqual(
        warnings.map(({ reason }) => reason).filter((reason) => /KEPT/.test(reason)),
        [],
      );
      const model = pool.get('annotation_any');
      const { mask } = await click({
        model,
        decode,
        points: POINTS,
        space: 'index',
        encode: encodeNiftiGzip,
      });
      assert.deepEqual(new Uint8Array(readFileSync(join(folder, kept))), new Uint8Array(mask));
    });
  });
});
