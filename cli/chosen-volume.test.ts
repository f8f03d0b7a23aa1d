import assert from 'node:assert/strict';
import type { FoundVolume } from '#conversion';
import { chosenVolume } from './chosen-volume.ts';

describe('the chosen volume', () => {
  const volumes = ['pat1/4_MR', 'pat2/4_MR', 'pat2/5_MR'].map((name) => {
    const series = { modality: 'MR', seriesInstanceUid: name, instanceCount: 1 };
    const plan = { name, series, fileNames: [name], changes: [], warnings: [] };
    const source = { kind: 'dicom', plan } as const;
    const found: FoundVolume = { name, folder: '', fileNames: [name], bytes: 0, source };
    return { name, found };
  });
  const chosen = async (volume: string) => {
    const { signal } = new AbortController();
    return (await chosenVolume(volumes, { givenPath: 'scan.zip', volume, signal })).name;
  };

  it('is called by its name, its number, or without its folder where no other has the name', async () => {
    assert.equal(await chosen('pat2/4_MR'), 'pat2/4_MR');
    assert.equal(await chosen('3'), 'pat2/5_MR');
    assert.equal(await chosen('5_MR'), 'pat2/5_MR');
  });

  it('is not one of two of the name', async () => {
    const message = /--volume: expected a number from 1 to 3, .*pat1\/4_MR/s;
    await assert.rejects(chosen('4_MR'), { reason: 'CONFIG_INVALID', message });
    await assert.rejects(chosen('MR'), { reason: 'CONFIG_INVALID' });
  });
});
