import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { needs, SHARED } from '../../../test/outside-data.ts';

const INDEX = join(SHARED, 'data/dicom/expected-series.json');
const PAGE = join(import.meta.dirname, '../../../docs/CONVERSION.md');

interface Entry {
  readonly folder: string;
  readonly verdict: { readonly dcm2niix: string };
}

describe('docs/CONVERSION.md', () => {
  before(function () {
    needs(this, INDEX, 'what dcm2niix makes of the series');
  });

  it('explains every series that dcm2niix reads otherwise, and no other', () => {
    const series: Entry[] = existsSync(INDEX) ? JSON.parse(readFileSync(INDEX, 'utf8')).series : [];
    const differing = series
      .filter(({ verdict }) => verdict.dcm2niix !== 'agrees')
      .map(({ folder }) => folder.replace('series/', ''));
    const [, table = ''] = readFileSync(PAGE, 'utf8').split('<!-- differences');
    const explained = [...table.matchAll(/^\| `([a-z0-9_]+)` \|/gm)].map(([, name]) => name);
    assert.deepEqual(explained.sort(), differing.sort());
  });
});
