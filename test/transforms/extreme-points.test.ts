import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformPoint } from '#geometry';
import { compilePreparation, prepareItem } from '#transforms';
import { extremeVoxels } from '../../packages/transforms/points/extreme-voxels.ts';
import { foregroundOf } from '../../packages/transforms/points/foreground.ts';
import { needs, SHARED } from '../outside-data.ts';

const HIPPOCAMPI = join(SHARED, 'data/hippocampus');

describe('extreme points of a label', () => {
  it('are those that points.json has of 208 hippocampi', async function () {
    this.timeout(60_000);
    needs(this, HIPPOCAMPI, 'the specification beside the repository');
    const known: Record<string, number[][]> = JSON.parse(
      readFileSync(join(HIPPOCAMPI, 'points.json'), 'utf8'),
    );
    const names = Object.keys(known);
    assert.equal(names.length, 208);
    for (const name of names) {
      const files = { label: [join(HIPPOCAMPI, `labels/${name}.nii.gz`)] };
      const source = { pre_transforms: [{ name: 'LoadNifti', fields: 'label' }] };
      const { preparation } = compilePreparation(source, { files, hasPoints: false });
      using fields = await prepareItem(preparation ?? assert.fail(), { files });
      const { mask, runs } = await foregroundOf('label', { fields });
      mask.dispose();
      const { place } = fields.array('label');
      const inFile = extremeVoxels(runs).map((voxel) =>
        transformPoint(place?.toOrigin ?? assert.fail(), voxel),
      );
      // Lowest and highest swap along an axis that the file has the other way round.
      const sorted = (points: readonly (readonly number[])[]) =>
        points.map((point) => point.map((at) => at + 0).join(' ')).toSorted();
      assert.deepEqual(sorted(inFile), sorted(known[name] ?? []), name);
    }
  });
});
