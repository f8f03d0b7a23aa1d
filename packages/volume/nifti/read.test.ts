import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type NiftiSource, readNifti, readNiftiHeader } from './read.ts';
import { assertRefused } from './testing/refusal.ts';
import { syntheticHeader, syntheticNifti, syntheticVoxels } from './testing/synthetic.ts';

/** Every numeric datatype: code, name, bytes of a number, and a list of values at its edges. */
const TYPES: readonly (readonly [number, string, number, ArrayBufferView, number])[] = [
  [2, 'uint8', 1, Uint8Array.of(0, 1, 128, 255), 1],
  [256, 'int8', 1, Int8Array.of(-128, -1, 0, 127), 1],
  [512, 'uint16', 2, Uint16Array.of(0, 1, 258, 65535), 1],
  [4, 'int16', 2, Int16Array.of(-32768, -2, 258, 32767), 1],
  [768, 'uint32', 4, Uint32Array.of(0, 1, 16909060, 4294967295), 1],
  [8, 'int32', 4, Int32Array.of(-2147483648, -2, 16909060, 2147483647), 1],
  [1280, 'uint64', 8, BigUint64Array.of(0n, 1n, 72623859790382856n, 2n ** 64n - 1n), 1],
  [1024, 'int64', 8, BigInt64Array.of(-(2n ** 63n), -2n, 72623859790382856n, 2n ** 63n - 1n), 1],
  [16, 'float32', 4, Float32Array.of(-1.5, 0, 3.25e38, Number.NaN), 1],
  [64, 'float64', 8, Float64Array.of(-1.5, 0, 1.7e308, Number.NaN), 1],
  [32, 'complex64', 4, Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), 2],
  [1792, 'complex128', 8, Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8), 2],
  [128, 'rgb24', 1, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), 3],
  [2304, 'rgba32', 1, Uint8Array.from({ length: 16 }, (_, n) => n), 4],
];

const DIM_2x2x1 = [3, 2, 2, 1, 1, 1, 1, 1];

describe('reading NIfTI', () => {
  for (const [datatype, name, width, values, components] of TYPES) {
    it(`keeps the stored values of ${name} in all versions, byte orders and wrappings`, async () => {
      const voxels = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      const bitpix = width * 8 * components;
      for (const version of [1, 2] as const) {
        for (const order of ['little', 'big'] as const) {
          const image = { version, order, datatype, bitpix, voxels, width, dim: DIM_2x2x1 };
          const bytes = syntheticNifti(image);
          for (const wrapped of [bytes, gzipSync(bytes)]) {
            using volume = await readNifti({ bytes: wrapped });
            assert.equal(volume.dtype, name);
            assert.deepEqual(volume.voxels.shape, [
              ...(components > 1 ? [components] : []),
              2,
              2,
              1,
            ]);
            assert.deepEqual(volume.voxels.bytes(), voxels, `NIfTI-${version}, ${order}`);
            assert.deepEqual(volume.warnings, []);
          }
        }
      }
    });
  }

  it('reads bytes, streams of any pieces and files alike', async () => {
    const bytes = syntheticNifti({ extension: Buffer.from('<xml>a comment</xml>') });
    const wanted = Uint8Array.from({ length: 24 }, (_, n) => n);
    for (const content of [bytes, gzipSync(bytes)]) {
      for (const source of [
        { bytes: content },
        { stream: inPieces(content, 1) },
        { stream: inPieces(content, 7) },
        { stream: inPieces(content, 10_000) },
        { bytes: Buffer.concat([Buffer.alloc(5), content]).subarray(5) },
      ]) {
        using volume = await readNifti(source);
        assert.deepEqual(volume.voxels.bytes(), wanted);
        assert.deepEqual(volume.voxels.strides, [1, 2, 6]);
      }
    }
  });

  it('reads several gzip members as one', async () => {
    const bytes = syntheticNifti();
    const members = Buffer.concat([gzipSync(bytes.slice(0, 100)), gzipSync(bytes.slice(100))]);
    using volume = await readNifti({ bytes: members });
    assert.equal(volume.voxels.bytes()[23], 23);
  });

  it('leaves trailing ones out and gives 2D images a third axis', async () => {
    for (const [dim, dims, shape] of [
      [
        [2, 4, 6],
        [4, 6],
        [4, 6, 1],
      ],
      [[1, 24], [24], [24, 1, 1]],
      [
        [4, 2, 3, 4, 1],
        [2, 3, 4],
        [2, 3, 4],
      ],
      [[3, 24, 1, 1], [24], [24, 1, 1]],
      [
        [5, 2, 3, 1, 1, 4],
        [2, 3, 1, 1, 4],
        [2, 3, 1, 1, 4],
      ],
      [
        [7, 2, 1, 3, 1, 2, 1, 2],
        [2, 1, 3, 1, 2, 1, 2],
        [2, 1, 3, 1, 2, 1, 2],
      ],
    ] as const) {
      const bytes = syntheticNifti({ dim });
      assert.deepEqual((await readNiftiHeader({ bytes })).dims, dims);
      using volume = await readNifti({ bytes });
      assert.deepEqual(volume.voxels.shape, shape);
    }
  });

  it('ignores dimensions beyond dim[0]', async () => {
    using volume = await readNifti({ bytes: syntheticNifti({ dim: [3, 2, 3, 4, 0, -7, 0, 99] }) });
    assert.equal(volume.frames, 1);
  });

  it('takes slope and intercept, or 1 and 0 where they say nothing', async () => {
    const cases: [number, number, number, number][] = [
      [2.5, -1024, 2.5, -1024],
      [0, 7, 1, 0],
      [Number.NaN, 7, 1, 0],
      [Number.POSITIVE_INFINITY, 7, 1, 0],
      [-0.5, 3, -0.5, 3],
      [3, Number.NaN, 3, 0],
    ];
    for (const [slope, intercept, wantedSlope, wantedIntercept] of cases) {
      using volume = await readNifti({ bytes: syntheticNifti({ slope, intercept }) });
      assert.deepEqual(volume.scale, { slope: wantedSlope, intercept: wantedIntercept });
      const ignored = volume.warnings.some(({ reason }) => reason === 'SCALE_IGNORED');
      assert.equal(ignored, Number.isNaN(intercept));
    }
  });

  describe('one frame', () => {
    const dim = [5, 2, 1, 2, 3, 2];
    const bytes = syntheticNifti({ dim });
    for (const content of [bytes, gzipSync(bytes)]) {
      it(`comes alone from ${content === bytes ? 'a plain' : 'a compressed'} image`, async () => {
        using whole = await readNifti({ bytes: content });
        assert.equal(whole.frames, 6);
        for (let frame = 0; frame < 6; frame++) {
          using volume = await readNifti({ bytes: content }, { frame });
          assert.deepEqual(volume.voxels.shape, [2, 1, 2]);
          assert.equal(volume.frames, 1);
          assert.deepEqual(
            [...volume.voxels.bytes()],
            [0, 1, 2, 3].map((n) => n + 4 * frame),
          );
          assert.deepEqual(volume.warnings, []);
        }
      });
    }

    it('needs no other to be there', async () => {
      const cut = gzipSync(bytes).subarray(0, -4);
      using volume = await readNifti({ bytes: cut }, { frame: 4 });
      assert.equal(volume.voxels.bytes()[0], 16);
      await assertRefused(readNifti({ bytes: cut }, { frame: 5 }), 'VOLUME_TRUNCATED');
    });

    it('is refused beyond the last', async () => {
      for (const frame of [6, -1, 0.5, Number.NaN]) {
        const reading = readNifti({ bytes }, { frame });
        await assertRefused(reading, 'FRAME_OUT_OF_RANGE', /from 0 to 5/);
      }
      const reading = readNifti({ bytes: syntheticNifti() }, { frame: 1 });
      await assertRefused(reading, 'FRAME_OUT_OF_RANGE', /only frame/);
    });
  });

  describe('pairs', () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'sextant-nifti-'));
    });
    afterEach(() => rm(folder, { recursive: true }));

    const wanted = Uint8Array.from({ length: 24 }, (_, n) => n);
    const header = syntheticHeader({ magic: 'ni', voxOffset: 0 });
    const image = syntheticVoxels({});
    for (const headerEnding of ['.hdr', '.hdr.gz', '.HDR']) {
      for (const imageEnding of ['.img', '.img.gz', '.IMG']) {
        it(`are read as ${headerEnding} with ${imageEnding}, by either name`, async () => {
          const paths = [
            join(folder, `a${headerEnding}`),
            join(folder, `a${imageEnding}`),
          ] as const;
          await writeFile(paths[0], headerEnding.endsWith('gz') ? gzipSync(header) : header);
          await writeFile(paths[1], imageEnding.endsWith('gz') ? gzipSync(image) : image);
          for (const path of paths) {
            using volume = await readNifti({ path });
            assert.deepEqual(volume.voxels.bytes(), wanted);
          }
        });
      }
    }

    it('may lie apart, begin later and be NIfTI-2', async () => {
      const path = join(folder, 'header');
      const imagePath = join(folder, 'voxels');
      await writeFile(path, syntheticHeader({ version: 2, magic: 'ni', voxOffset: 10 }));
      await writeFile(imagePath, Buffer.concat([Buffer.alloc(10, 255), image]));
      using volume = await readNifti({ path, imagePath });
      assert.deepEqual(volume.voxels.bytes(), wanted);
    });

    it('are refused when the image is missing, short, or was not sent', async () => {
      const path = join(folder, 'a.hdr');
      await writeFile(path, header);
      await assertRefused(
        readNifti({ path }),
        'FILE_UNREADABLE',
        /a\.img beside it.*without its image/,
      );
      await writeFile(join(folder, 'a.img'), image.subarray(1));
      await assertRefused(readNifti({ path }), 'VOLUME_TRUNCATED', /24 bytes.*got 23/);
      await assertRefused(readNifti({ bytes: header }), 'FILE_UNREADABLE', /single \.nii/);
      assert.equal((await readNiftiHeader({ bytes: header })).singleFile, false);
    });
  });

  it('refuses paths that lead to no file', async () => {
    const folder = tmpdir();
    await assertRefused(readNifti({ path: join(folder, 'no.nii') }), 'FILE_UNREADABLE', /no such/);
    await assertRefused(readNifti({ path: folder }), 'FILE_UNREADABLE', /expected a readable file/);
    await assertRefused(
      readNifti({ path: `${folder}/${'x'.repeat(300)}.nii` }),
      'FILE_UNREADABLE',
      /a name that is too long/,
    );
    await assertRefused(readNifti({ path: '/dev/zero' }), 'FILE_UNREADABLE', /regular/);
  });

  it('says what the voxels will take before it takes it, and heeds a refusal', async () => {
    const bytes = syntheticNifti({ dim: [5, 2, 1, 2, 3, 2] });
    const heard: number[] = [];
    const reserve = (count: number) => heard.push(count);
    (await readNifti({ bytes }, { reserve })).dispose();
    (await readNifti({ bytes }, { reserve, frame: 1 })).dispose();
    assert.deepEqual(heard, [24, 4]);
    const refuse = () => {
      throw new Error('no room');
    };
    await assert.rejects(readNifti({ bytes }, { reserve: refuse }), /no room/);
  });

  it('stops when the signal fires, also while a stream is silent', async () => {
    const aborted: NiftiSource = { bytes: syntheticNifti() };
    await assertRefused(readNifti(aborted, { signal: AbortSignal.abort() }), 'CANCELLED');
    for (const heard of [0, 400]) {
      const controller = new AbortController();
      const reading = readNifti({ stream: silentAfter(heard) }, { signal: controller.signal });
      setTimeout(() => controller.abort(), 20);
      await assertRefused(reading, 'CANCELLED');
    }
  });

  it('lets an error of the stream through, plain or compressed', async () => {
    const failure = new Error('the line broke');
    for (const content of [syntheticNifti(), gzipSync(syntheticNifti())]) {
      const reading = readNifti({ stream: brokenAfter(content.subarray(0, 60), failure) });
      await assert.rejects(reading, (error) => error === failure);
    }
  });
});

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) {
    yield bytes.subarray(start, start + size);
  }
}

async function* silentAfter(count: number): AsyncGenerator<Uint8Array> {
  yield syntheticNifti({ dim: [3, 100, 100, 100] }).subarray(0, count);
  await new Promise(() => {});
}

async function* brokenAfter(bytes: Uint8Array, failure: Error): AsyncGenerator<Uint8Array> {
  yield bytes;
  throw failure;
}
