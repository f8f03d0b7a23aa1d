import assert from 'node:assert/strict';
import type { FoundVolume } from '#conversion';
import { chosenVolume } from './chosen-volume.ts';

describe('the chosen volume', () => {
  const volumes = ['pat1/4_MR', 'pat2/4_MR', 'pat2/5_MR'].map((name) => {
    const source = { kind: 'nifti', path: name } as const;
    const found: FoundVolume = { name, folder: '', fileNames: [name], bytes: 0, source };
    return { name, found };
  });
  const chosen = (volume: string) => chosenVolume(volumes, { givenPath: 'scan.zip', volume }).name;

  it('is called by its name, its number, or without its folder where no other has the name', () => {
    assert.equal(chosen('pat2/4_MR'), 'pat2/4_MR');
    assert.equal(chosen('3'), 'pat2/5_MR');
    assert.equal(chosen('5_MR'), 'pat2/5_MR');
  });

  it('is not one of two of the name', () => {
    assert.throws(() => chosen('4_MR'), /--volume: expected a number from 1 to 3, .*pat1\/4_MR/s);
    assert.throws(() => chosen('MR'), /CONFIG_INVALID|--volume/);
  });
});
