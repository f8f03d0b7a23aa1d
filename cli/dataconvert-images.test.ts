import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { dataconvert } from './testing/dataconvert.ts';
import { niftiFile } from './testing/nifti-file.ts';

describe('sextant dataconvert of images that are no DICOM', function () {
  this.timeout(60_000);
  let folder: string;
  let input: string;
  let output: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-test-'));
    input = join(folder, 'in');
    output = join(folder, 'out');
    mkdirSync(input);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const put = (name: string, content: Uint8Array | string) =>
    writeFileSync(join(input, name), content);
  const report = (name: string) => JSON.parse(readFileSync(join(output, name), 'utf8'));

  it('says what of a NIfTI is in no output: axes beyond the fourth, header extensions', () => {
    put('vectors.nii', niftiFile({ dims: [3, 4, 5, 1, 3] }));
    put('series.nii', niftiFile({ dims: [3, 4, 5, 2] }));
    const plain = niftiFile({ dims: [6, 5, 4] });
    const header = Buffer.from(plain.subarray(0, 352));
    header.writeFloatLE(368, 108);
    header[348] = 1;
    const extension = Buffer.alloc(16);
    extension.writeInt32LE(16, 0);
    put('noted.nii', Buffer.concat([header, extension, plain.subarray(352)]));
    const { status, stdout } = dataconvert('-d', input, '-o', output, '-s', '.nii');
    assert.equal(status, 0, stdout);
    const [joined] = report('vectors.json').changes;
    assert.equal(joined.reason, 'AXES_JOINED');
    assert.match(joined.message, /1 x 3, became one of 3 frames/);
    assert.equal(report('noted.json').changes[0].reason, 'EXTENSIONS_DROPPED');
    assert.deepEqual(report('series.json').changes, []);
    const again = gunzipSync(readFileSync(join(output, 'noted.nii.gz')));
    assert.deepEqual(again.subarray(352), plain.subarray(352));
  });
});
