import assert from 'node:assert/strict';
import { appendFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { imageBytes } from './image-bytes.ts';
import { niftiFile, niftiPair } from './testing/nifti-file.ts';
import { temporaryFolder } from './testing/run-sextant.ts';

describe('an image as it is sent', () => {
  const user = new AbortController();
  let folder: ReturnType<typeof temporaryFolder>;
  const at = (name: string) => join(folder.path, name);
  const open = (name: string, singleFile = true, signal = user.signal) =>
    imageBytes(
      { imagePath: at(name), givenPath: name, frame: undefined, volumeLimitBytes: 2 ** 32, signal },
      singleFile,
    );
  const all = async (pieces: AsyncIterable<Uint8Array>) => {
    const got: Uint8Array[] = [];
    for await (const piece of pieces) got.push(piece);
    return Buffer.concat(got);
  };
  beforeEach(() => {
    folder = temporaryFolder();
    writeFileSync(at('head.nii'), niftiFile());
  });
  afterEach(() => folder.remove());

  it('is read from any place to its end', async () => {
    const image = await open('head.nii');
    const { length } = niftiFile();
    assert.equal(image.sizeBytes, length);
    for (const start of [0, 1, length - 1, length]) {
      assert.deepEqual(await all(image.read(start)), niftiFile().subarray(start));
    }
  });

  it('is another one after a change of its bytes or its time, and no longer than it was', async () => {
    const image = await open('head.nii');
    await image.assertUnchanged();
    assert.deepEqual((await open('head.nii')).identity, image.identity);
    appendFileSync(at('head.nii'), 'more');
    await assert.rejects(image.assertUnchanged(), { reason: 'VOLUME_DIGEST_MISMATCH' });
    assert.equal((await all(image.read(0))).length, image.sizeBytes);
    const longer = await open('head.nii');
    utimesSync(at('head.nii'), 1, 1);
    await assert.rejects(longer.assertUnchanged(), { subject: at('head.nii') });
    assert.equal((await open('head.nii')).identity.place, image.identity.place);
  });

  it('that is cut while it is read is another one, whatever it becomes later', async () => {
    const image = await open('head.nii');
    truncateSync(at('head.nii'), 1000);
    await assert.rejects(all(image.read(0)), {
      reason: 'VOLUME_DIGEST_MISMATCH',
      subject: at('head.nii'),
    });
  });

  it('is one file where it was a pair, told apart by what is in it', async () => {
    const { hdr, img } = niftiPair();
    writeFileSync(at('pair.hdr'), hdr);
    writeFileSync(at('pair.img'), img);
    const image = await open('pair.hdr', false);
    const bytes = await all(image.read(0));
    assert.equal(bytes.length, image.sizeBytes);
    assert.deepEqual(await all(image.read(100)), bytes.subarray(100));
    assert.deepEqual((await open('pair.hdr', false)).identity, image.identity);
    img.writeFloatLE(7, 0);
    writeFileSync(at('pair.img'), img);
    assert.notEqual((await open('pair.hdr', false)).identity.version, image.identity.version);
  });

  it('that goes away while it is read is told by its name', async () => {
    const image = await open('head.nii');
    rmSync(at('head.nii'));
    await assert.rejects(all(image.read(0)), {
      reason: 'FILE_UNREADABLE',
      subject: at('head.nii'),
      got: 'no such file or folder',
    });
    await assert.rejects(image.assertUnchanged(), { reason: 'FILE_UNREADABLE' });
  });

  it('ends with the cancellation of its reader', async () => {
    const image = await open('head.nii', true, AbortSignal.abort());
    await assert.rejects(all(image.read(0)), { reason: 'CANCELLED' });
  });
});
