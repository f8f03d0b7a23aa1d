import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import type { Reason } from '#errors';
import { readNifti } from './read.ts';
import { assertRefused } from './testing/refusal.ts';
import { type SyntheticImage, syntheticHeader, syntheticNifti } from './testing/synthetic.ts';

const HEADERS: readonly (readonly [string, SyntheticImage, Reason, RegExp])[] = [
  [
    '10^15 voxels',
    { version: 2, dim: [3, 100000, 100000, 100000] },
    'VOLUME_TOO_LARGE',
    /at most 4 GiB/,
  ],
  [
    'more voxels than a double counts',
    { version: 2, dim: [7, ...Array(7).fill(2 ** 62)] },
    'VOLUME_TOO_LARGE',
    /./,
  ],
  ['32767^7 voxels', { dim: [7, ...Array(7).fill(32767)] }, 'VOLUME_TOO_LARGE', /./],
  ['a negative dimension', { dim: [3, 2, -3, 4] }, 'VOLUME_CORRUPT', /dim\[2\].*1 or more.*-3/],
  [
    'a negative NIfTI-2 dimension',
    { version: 2, dim: [3, 2, 3, -4] },
    'VOLUME_CORRUPT',
    /dim\[3\].*-4/,
  ],
  ['a zero dimension', { dim: [3, 0, 3, 4] }, 'VOLUME_CORRUPT', /dim\[1\].*got 0/],
  ['dim[0] of 0', { dim: [0, 2, 3, 4] }, 'VOLUME_CORRUPT', /dim\[0\].*from 1 to 7/],
  ['dim[0] of 8', { dim: [8, 2, 3, 4] }, 'VOLUME_CORRUPT', /dim\[0\].*from 1 to 7/],
  ['a negative dim[0]', { dim: [-1, 2, 3, 4] }, 'VOLUME_CORRUPT', /dim\[0\].*from 1 to 7/],
  [
    'a bitpix that contradicts the type',
    { datatype: 4, bitpix: 8 },
    'VOLUME_CORRUPT',
    /bitpix.*16.*int16.*got 8/,
  ],
  ['a bitpix of 0', { bitpix: 0 }, 'VOLUME_CORRUPT', /bitpix/],
  [
    'float128',
    { datatype: 1536, bitpix: 128 },
    'VOLUME_TYPE_UNSUPPORTED',
    /1536 \(float128\).*float32/,
  ],
  ['complex256', { datatype: 2048, bitpix: 256 }, 'VOLUME_TYPE_UNSUPPORTED', /complex256/],
  ['single bits', { datatype: 1, bitpix: 1 }, 'VOLUME_TYPE_UNSUPPORTED', /binary/],
  [
    'a type that is none',
    { datatype: 7, bitpix: 8 },
    'VOLUME_TYPE_UNSUPPORTED',
    /7 \(not in the standard\)/,
  ],
  [
    'voxels within the header',
    { voxOffset: 100 },
    'VOLUME_CORRUPT',
    /vox_offset.*352 or more.*100/,
  ],
  ['a negative vox_offset', { voxOffset: -352 }, 'VOLUME_CORRUPT', /vox_offset/],
  [
    'a vox_offset that is no number',
    { voxOffset: Number.NaN },
    'VOLUME_CORRUPT',
    /vox_offset.*NaN/,
  ],
  ['a vox_offset beyond the file', { voxOffset: 1e9 }, 'VOLUME_TRUNCATED', /1000000024 bytes/],
  [
    'an infinite vox_offset',
    { voxOffset: Number.POSITIVE_INFINITY },
    'VOLUME_CORRUPT',
    /vox_offset/,
  ],
  [
    'a NIfTI-2 vox_offset beyond what is exact',
    { version: 2, voxOffset: 2 ** 60 },
    'VOLUME_CORRUPT',
    /vox_offset/,
  ],
  [
    'a singular sform',
    { sform: [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0] },
    'VOLUME_AFFINE_SINGULAR',
    /affine/,
  ],
  [
    'a sform of NaN',
    { sform: [Number.NaN, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] },
    'VOLUME_AFFINE_SINGULAR',
    /NaN/,
  ],
  ['a spacing of 0', { sformCode: 0, pixdim: [1, 1, 0, 1] }, 'VOLUME_AFFINE_SINGULAR', /spacing/],
  [
    'an infinite spacing',
    { sformCode: 0, qformCode: 1, pixdim: [1, 1, 1 / 0, 1] },
    'VOLUME_AFFINE_SINGULAR',
    /./,
  ],
  [
    'a quaternion of NaN',
    { sformCode: 0, qformCode: 1, quaternion: [0, Number.NaN, 0] },
    'VOLUME_AFFINE_SINGULAR',
    /NaN/,
  ],
  [
    'no magic (ANALYZE 7.5)',
    { magic: '\0\0' },
    'VOLUME_FORMAT_UNKNOWN',
    /ANALYZE 7.5.*which side is left/,
  ],
  ['a NIfTI-2 without its magic', { version: 2, magic: 'xx' }, 'VOLUME_CORRUPT', /magic/],
];

describe('hostile NIfTI', () => {
  for (const [name, image, reason, sentence] of HEADERS) {
    it(`${name}: refused, plain and compressed, before memory is taken`, async () => {
      const before = process.memoryUsage().rss;
      for (const order of ['little', 'big'] as const) {
        const bytes = syntheticNifti({ ...image, order });
        await assertRefused(readNifti({ bytes }), reason, sentence);
        const compressed = reason === 'VOLUME_TRUNCATED' ? /image|gzip/ : sentence;
        await assertRefused(readNifti({ bytes: gzipSync(bytes) }), reason, compressed);
      }
      assert.ok(process.memoryUsage().rss - before < 64 * 2 ** 20, 'memory was taken');
    });
  }

  it('is told from a file that was sent as text', async () => {
    const bytes = Buffer.from(syntheticNifti({ version: 2 }));
    bytes.write('\n\n', 8, 'latin1');
    await assertRefused(readNifti({ bytes }), 'VOLUME_CORRUPT', /magic.*as binary/);
  });

  it('is named where it is another format', async () => {
    const dicom = Buffer.alloc(400);
    dicom.write('DICM', 128);
    await assertRefused(readNifti({ bytes: dicom }), 'VOLUME_FORMAT_UNKNOWN', /got DICOM/);
    const twice = gzipSync(gzipSync(syntheticNifti()));
    await assertRefused(readNifti({ bytes: twice }), 'VOLUME_FORMAT_UNKNOWN', /gzip within gzip/);
    await assertRefused(
      readNifti({ bytes: new Uint8Array(0) }),
      'VOLUME_FORMAT_UNKNOWN',
      /an empty/,
    );
  });

  it('cut anywhere is refused, plain and compressed', async () => {
    for (const whole of [syntheticNifti(), gzipSync(syntheticNifti({ version: 2 }))]) {
      for (let length = 0; length < whole.length; length++) {
        const reason = await reasonOf({ bytes: whole.subarray(0, length) });
        assert.match(
          reason,
          length < 4 ? /FORMAT_UNKNOWN|TRUNCATED/ : /VOLUME_TRUNCATED/,
          `${length}`,
        );
      }
    }
  });

  it('with a wrong checksum is refused', async () => {
    const bytes = gzipSync(syntheticNifti());
    bytes[bytes.length - 6] = (bytes[bytes.length - 6] ?? 0) ^ 1;
    await assertRefused(readNifti({ bytes }), 'VOLUME_CORRUPT', /incorrect data check/);
  });

  it('followed by other bytes is read with a warning', async () => {
    const trailer = Buffer.from('a trailer');
    const bytes = Buffer.concat([syntheticNifti(), trailer]);
    const behind = Buffer.concat([gzipSync(syntheticNifti()), trailer]);
    for (const content of [bytes, gzipSync(bytes), behind]) {
      using volume = await readNifti({ bytes: content });
      assert.equal(volume.voxels.bytes()[23], 23);
      assert.deepEqual(
        volume.warnings.map(({ reason, message }) => [reason, message.slice(0, 7)]),
        [['BYTES_AFTER_VOXELS', '9 bytes']],
      );
    }
  });

  it('that says vox_offset 0 is read behind its header, with a warning', async () => {
    for (const version of [1, 2] as const) {
      using volume = await readNifti({ bytes: syntheticNifti({ version, voxOffset: 0 }) });
      assert.equal(volume.voxels.bytes()[23], 23);
      assert.deepEqual(
        volume.warnings.map(({ reason }) => reason),
        ['OFFSET_ASSUMED'],
      );
    }
  });

  describe('bombs', () => {
    const limit = 64 * 2 ** 20;
    const zeros = (count: number): Uint8Array => new Uint8Array(count);

    it('beyond the limit are refused by their header', async () => {
      const header = syntheticNifti({ dim: [3, 512, 512, 512], voxels: zeros(1000) });
      const bytes = gzipSync(header);
      const reading = readNifti({ bytes }, { volumeLimitBytes: limit });
      await assertRefused(reading, 'VOLUME_TOO_LARGE', /at most 64 MiB.*512 x 512 x 512.*128 MiB/);
    });

    it('of zeros within it are honest', async () => {
      const bytes = gzipSync(syntheticNifti({ dim: [3, 400, 400, 400], voxels: zeros(400 ** 3) }));
      assert.ok(bytes.length < 70_000);
      using volume = await readNifti({ bytes }, { volumeLimitBytes: limit });
      assert.equal(volume.voxels.bytes().length, 400 ** 3);
    });

    it('behind the voxels are not followed', async () => {
      let taken = 0;
      const first = gzipSync(syntheticNifti());
      const more = gzipSync(zeros(16 * 2 ** 20));
      async function* endless(): AsyncGenerator<Uint8Array> {
        yield first;
        for (;;) {
          taken++;
          yield more;
        }
      }
      using volume = await readNifti({ stream: endless() }, { volumeLimitBytes: limit });
      assert.deepEqual(
        volume.warnings.map(({ reason }) => reason),
        ['BYTES_AFTER_VOXELS'],
      );
      assert.ok(taken < 10, `${taken} members were taken`);
    });

    it('before the voxels count too', async () => {
      const image = syntheticNifti({ voxOffset: 100 * 2 ** 20 });
      const bytes = gzipSync(Buffer.concat([image, zeros(100 * 2 ** 20)]));
      const reading = readNifti({ bytes }, { volumeLimitBytes: limit });
      await assertRefused(reading, 'VOLUME_TOO_LARGE', /100 MiB/);
    });

    it('that promise what so few bytes cannot hold are refused before memory is taken', async () => {
      const bytes = gzipSync(syntheticNifti({ dim: [3, 1500, 1500, 1500] }));
      await assertRefused(readNifti({ bytes }), 'VOLUME_TRUNCATED', /too small to hold them/);
    });
  });

  it('with an extension chain that loops is read: the voxels lie where vox_offset says', async () => {
    const bytes = syntheticNifti({ extension: new Uint8Array(8) });
    new DataView(bytes.buffer, bytes.byteOffset).setInt32(352, 0, true);
    using volume = await readNifti({ bytes });
    assert.equal(volume.voxels.bytes()[23], 23);
  });

  it('headers of 348 bytes alone are told to be truncated', async () => {
    await assertRefused(readNifti({ bytes: syntheticHeader() }), 'VOLUME_TRUNCATED', /376 bytes/);
  });
});

async function reasonOf(source: { bytes: Uint8Array }): Promise<string> {
  try {
    (await readNifti(source)).dispose();
    return 'read';
  } catch (error) {
    return (error as { reason?: string }).reason ?? String(error);
  }
}
