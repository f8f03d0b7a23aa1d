import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { SextantError } from '#errors';
import { aboutImage } from './about-image.ts';
import { type NiftiSource, readNifti } from './nifti/read.ts';
import { syntheticNifti } from './nifti/testing/synthetic.ts';

describe('an error about an image', () => {
  it('names what its reader knows, and keeps the part that is wrong', async () => {
    const wrong = syntheticNifti({ dim: [3, 2, -3, 4, 1, 1, 1, 1] });
    const told = aboutImage(await failureOf({ bytes: wrong }), 'head.nii');
    assert.ok(told instanceof SextantError);
    assert.equal(told.reason, 'VOLUME_CORRUPT');
    assert.equal(told.subject, 'head.nii');
    assert.equal(told.got, 'NIfTI header: dim[2]: -3');
  });

  it('says the same of a cut file, whoever tells it', async () => {
    const whole = syntheticNifti();
    for (const cut of [whole.subarray(0, 360), gzipSync(whole).subarray(0, 80)]) {
      const sent = async function* () {
        yield cut;
      };
      const there = aboutImage(await failureOf({ stream: sent() }), 'session_id');
      const [first, second] = [await failureOf({ bytes: cut }), there].map((error) =>
        aboutImage(error, 'head.nii'),
      ) as SextantError[];
      assert.equal(first?.reason, 'VOLUME_TRUNCATED');
      assert.match(first?.message ?? '', /^head\.nii: expected /);
      assert.equal(second?.message, first?.message);
    }
  });

  it('leaves what is about something else', () => {
    const details = { subject: 'model', got: 'g', expected: 'e' };
    for (const error of [new SextantError('MODEL_UNKNOWN', details), new Error('a bug')]) {
      assert.equal(aboutImage(error, 'head.nii'), error);
    }
  });
});

async function failureOf(source: NiftiSource): Promise<unknown> {
  return await readNifti(source).then(
    () => assert.fail('is read'),
    (error: unknown) => error,
  );
}
