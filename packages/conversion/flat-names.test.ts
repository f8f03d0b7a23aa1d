import assert from 'node:assert/strict';
import type { FoundVolume } from './conversion.ts';
import { flatNames } from './flat-names.ts';

describe('the names of volumes that are kept in one folder', () => {
  const named = (...places: readonly string[]) =>
    flatNames(
      places.map((place): FoundVolume => {
        const [name = '', ...folders] = place.split('/').reverse();
        const source = { kind: 'nifti', path: place } as const;
        return { name, folder: folders.reverse().join('/'), fileNames: [], bytes: 0, source };
      }),
    ).map(({ name }) => name);

  it('stay as they are where no other has them', () => {
    assert.deepEqual(named('a/4_MR', 'b/5_MR', 'ct'), ['4_MR', '5_MR', 'ct']);
  });

  it('begin with the folder where another folder has the same', () => {
    assert.deepEqual(named('pat 1/a/4_MR', 'pat2/a/4_mr', '4_MR', '.x/4_MR'), [
      'pat_1_a_4_MR',
      'pat2_a_4_mr',
      '4_MR',
      'x_4_MR',
    ]);
  });

  it('are all different, and none too long for a file', () => {
    const long = `${'ä'.repeat(100)}/${'ö'.repeat(100)}`;
    const names = named('a/b/c', 'a_b/c', 'A_b_c', `${long}/c`, `${long}x/c`);
    assert.equal(new Set(names.map((name) => name.toLowerCase())).size, 5, String(names));
    for (const name of names) assert.ok(Buffer.byteLength(name) < 200, name);
  });
});
