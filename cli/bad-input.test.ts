import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { niftiFile, RGB24 } from './testing/nifti-file.ts';
import { ROOT, runSextant, temporaryFolder } from './testing/run-sextant.ts';

const SIX = '4,12,8 15,12,8 10,5,8 10,18,8 10,12,4 10,12,11';
const POOL = join(ROOT, 'models/engine_pool.json');

interface Refusal {
  readonly image?: Buffer;
  readonly name?: string;
  readonly points?: string;
  readonly space?: string | undefined;
  readonly model?: string;
  readonly flags?: readonly string[];
  readonly reason: string;
  readonly status: number;
  /** What the message has to say. */
  readonly says: readonly RegExp[];
}

const MIB = 1024 * 1024;

const REFUSALS: Readonly<Record<string, Refusal>> = {
  'five points': {
    points: SIX.split(' ').slice(1).join(' '),
    reason: 'POINTS_TOO_FEW',
    status: 3,
    says: [/5 points/, /6 or more/],
  },
  'a point outside': {
    points: SIX.replace('4,12,8', '-0.6,12,8'),
    reason: 'POINT_OUTSIDE',
    status: 3,
    says: [/points\[0\]/, /-0\.6/, /-0\.5\.\.19\.5/],
  },
  'a point that is not a number': {
    points: SIX.replace('4,12,8', 'NaN,12,8'),
    reason: 'POINT_NOT_FINITE',
    status: 3,
    says: [/points\[0\]/, /NaN/, /finite/],
  },
  'an infinite point': {
    points: SIX.replace('10,12,11', '10,12,-inf'),
    reason: 'POINT_NOT_FINITE',
    status: 3,
    says: [/points\[5\]/, /Infinity/],
  },
  'points that are text': {
    points: 'left right front back top bottom',
    reason: 'POINTS_UNREADABLE',
    status: 3,
    says: [/points\[0\]/, /"left"/, /three numbers/],
  },
  'a point of two numbers': {
    points: SIX.replace('15,12,8', '15,12'),
    reason: 'POINTS_UNREADABLE',
    status: 3,
    says: [/points\[1\]/, /"15,12"/],
  },
  'six times one point': {
    points: Array.from({ length: 6 }, () => '10,12,8').join(' '),
    reason: 'POINTS_COINCIDE',
    status: 3,
    says: [/6 points/, /extent/],
  },
  'points with no space': {
    space: undefined,
    reason: 'SPACE_UNSPECIFIED',
    status: 3,
    says: [/--space/, /index, ras or lps/],
  },
  'a space that is none': {
    space: 'mni',
    reason: 'CONFIG_INVALID',
    status: 2,
    says: [/--space/, /"mni"/, /index, ras, lps/],
  },
  'a truncated .nii.gz': {
    image: gzipSync(niftiFile({ voxel: (at) => Math.sin(at) })).subarray(0, 9000),
    reason: 'VOLUME_TRUNCATED',
    status: 3,
    says: [/: image\.nii\.gz: expected a whole gzip file/],
  },
  'a .nii.gz cut within its header': {
    image: gzipSync(niftiFile()).subarray(0, 40),
    reason: 'VOLUME_TRUNCATED',
    status: 3,
    says: [/./],
  },
  'a .nii.gz bomb beyond --volume-limit': {
    image: gzipSync(niftiFile({ dims: [256, 256, 256], voxelBytes: 64 * MIB })),
    points: SIX,
    flags: ['--volume-limit', '1MiB'],
    reason: 'VOLUME_TOO_LARGE',
    status: 3,
    says: [/64 MiB/, /1 MiB/, /--volume-limit/],
  },
  'a header that promises 10^15 voxels': {
    image: niftiFile({ dims: [32000, 32000, 1000, 1000], voxelBytes: 4000 }),
    flags: ['--frame', '3', '--volume-limit', '1TiB'],
    reason: 'VOLUME_TOO_LARGE',
    status: 3,
    says: [/32000 x 32000 x 1000/],
  },
  'a header that promises more than the file has': {
    image: niftiFile({ voxelBytes: 100 }),
    reason: 'VOLUME_TRUNCATED',
    status: 3,
    says: [/452 bytes/, /31072 bytes/],
  },
  'negative dims': {
    image: niftiFile({ dims: [20, -24, 16], voxelBytes: 4000 }),
    reason: 'VOLUME_CORRUPT',
    status: 3,
    says: [/: image\.nii\.gz: /, /dim/, /-24/],
  },
  'zero dims': {
    image: niftiFile({ dims: [20, 24, 0], voxelBytes: 4000 }),
    reason: 'VOLUME_CORRUPT',
    status: 3,
    says: [/dim/, /0/],
  },
  'a singular affine': {
    image: niftiFile({
      affine: [
        [1, 0, 1, 0],
        [0, 1, 0, 0],
        [0, 0, 0, 0],
      ],
    }),
    reason: 'VOLUME_AFFINE_SINGULAR',
    status: 3,
    says: [/affine/, /independent/],
  },
  'a bitpix that contradicts the datatype': {
    image: niftiFile({ bitpix: 16 }),
    reason: 'VOLUME_CORRUPT',
    status: 3,
    says: [/bitpix/, /16/, /32/],
  },
  'something that is no image': {
    image: Buffer.from('GIF89a'.repeat(200)),
    reason: 'VOLUME_FORMAT_UNKNOWN',
    status: 3,
    says: [/NIfTI/],
  },
  'an image that is not there': {
    name: 'nowhere.nii.gz',
    reason: 'FILE_UNREADABLE',
    status: 4,
    says: [/nowhere\.nii\.gz/, /no such file/],
  },
  'a folder without images': {
    name: '.',
    reason: 'NO_IMAGES',
    status: 3,
    says: [/\.: expected DICOM, NIfTI, MetaImage or NRRD images/, /got no files/],
  },
  'a DICOM file that is none': {
    name: 'slice.dcm',
    image: Buffer.from('DICM'),
    reason: 'NO_IMAGES',
    status: 3,
    says: [/slice\.dcm/, /1 NOT_DICOM/],
  },
  'points in a file that is not there': {
    points: 'points.json',
    reason: 'FILE_UNREADABLE',
    status: 4,
    says: [/points\.json/, /no such file/, /\{"points": \[\[x, y, z\]/],
  },
  'flags that count only here, with a server': {
    flags: ['--server', '127.0.0.1:1', '--threads=2', '--config', 'pool.json'],
    reason: 'CONFIG_INVALID',
    status: 2,
    says: [/--threads, --config/, /--server/],
  },
  'an unknown model': {
    model: 'annotation_hipocampus',
    reason: 'MODEL_UNKNOWN',
    status: 4,
    says: [/"annotation_hipocampus"/, /did you mean "annotation_hippocampus"/],
  },
  'a 4D image without --frame': {
    image: niftiFile({ dims: [20, 24, 16, 3] }),
    reason: 'FRAME_REQUIRED',
    status: 3,
    says: [/--frame/, /3 frames/, /0 to 2/],
  },
  'a frame that is not there': {
    image: niftiFile({ dims: [20, 24, 16, 3] }),
    flags: ['--frame', '3'],
    reason: 'FRAME_OUT_OF_RANGE',
    status: 3,
    says: [/--frame/, /0 to 2/],
  },
  // Nobody answers there: the frame is looked at before a connection is made.
  'a frame that is not there, before a byte is sent': {
    image: niftiFile({ dims: [20, 24, 16, 3] }),
    flags: ['--frame', '3', '--server', '127.0.0.1:1'],
    reason: 'FRAME_OUT_OF_RANGE',
    status: 3,
    says: [/--frame/, /0 to 2/],
  },
  'a constant image': {
    image: niftiFile({ voxel: () => 5 }),
    reason: 'VOLUME_CONSTANT',
    status: 3,
    says: [/: image\.nii\.gz: /, /same value/],
  },
  'an RGB image': {
    image: niftiFile({ datatype: RGB24, bitpix: 24 }),
    reason: 'VOLUME_NOT_SCALAR',
    status: 3,
    says: [/rgb24/],
  },
  'an output that is no image': {
    flags: ['-o', 'mask.jpg'],
    reason: 'CONFIG_INVALID',
    status: 2,
    says: [/--output/, /\.nii\.gz or \.nii/],
  },
  'an output in a folder that is not there': {
    flags: ['-o', 'nowhere/mask.nii.gz'],
    reason: 'FILE_UNWRITABLE',
    status: 5,
    says: [/nowhere\/mask\.nii\.gz/, /no such folder/, /make the folder first/],
  },
  'an output onto the image': {
    flags: ['-o', './image.nii.gz'],
    reason: 'FILE_UNWRITABLE',
    status: 5,
    says: [/the image itself/],
  },
  'a server that is not there': {
    flags: ['--server', '127.0.0.1:1'],
    reason: 'SERVICE_UNAVAILABLE',
    status: 5,
    says: [/: 127\.0\.0\.1:1: /, /nobody listens there/, /sextant serve/],
  },
  'an unknown flag': {
    flags: ['--ouput', 'x'],
    reason: 'CONFIG_INVALID',
    status: 2,
    says: [/--ouput/],
  },
};

describe('sextant annotate refuses', function () {
  this.timeout(30_000);
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());

  for (const [what, refusal] of Object.entries(REFUSALS)) {
    it(`${what}, by name, and leaves no output`, async () => {
      const { image = niftiFile(), name = 'image.nii.gz', points = SIX, flags = [] } = refusal;
      if (refusal.name === undefined || refusal.image)
        writeFileSync(join(folder.path, name), image);
      const before = readdirSync(folder.path);
      const space = 'space' in refusal ? refusal.space : 'index';
      const words = ['annotate', name, '--model', refusal.model ?? 'annotation_any'];
      words.push('--points', points, '--preview', 'mask.png', '--json');
      if (space !== undefined) words.push('--space', space);
      const { status, stdout, stderr } = await runSextant([...words, ...flags], {
        cwd: folder.path,
      });
      const told = `${stderr}${stdout}`;
      assert.match(stderr, new RegExp(`^sextant annotate: ${refusal.reason}: `, 'm'), told);
      assert.equal(status, refusal.status, told);
      for (const pattern of refusal.says) assert.match(stderr, pattern);
      assert.equal(JSON.parse(stdout).error.reason, refusal.reason);
      assert.deepEqual(readdirSync(folder.path), before, 'no output is left');
    });
  }

  it('a model file that is no model, and leaves no output', async () => {
    cpSync(join(ROOT, 'models/annotation_any'), join(folder.path, 'annotation_any'), {
      recursive: true,
    });
    writeFileSync(join(folder.path, 'annotation_any/model.onnx'), 'not a network '.repeat(100));
    const pool = JSON.parse(readFileSync(POOL, 'utf8')) as { name: string }[];
    const any = pool.filter(({ name }) => name === 'annotation_any');
    writeFileSync(join(folder.path, 'pool.json'), JSON.stringify(any));
    writeFileSync(join(folder.path, 'image.nii'), niftiFile());
    const before = readdirSync(folder.path);
    const words = ['annotate', 'image.nii', '-m', 'annotation_any', '--points', SIX];
    const { status, stderr } = await runSextant(
      [...words, '--space', 'index', '--config', 'pool.json'],
      { cwd: folder.path },
    );
    assert.match(stderr, /^sextant annotate: MODEL_INVALID: /m);
    assert.match(stderr, /model\.onnx/);
    assert.equal(status, 2);
    assert.deepEqual(readdirSync(folder.path), before);
  });

  it('without touching a mask that is there already', async () => {
    writeFileSync(join(folder.path, 'image.nii'), niftiFile({ voxel: () => 5 }));
    writeFileSync(join(folder.path, 'mask.nii.gz'), 'of yesterday');
    const words = ['annotate', 'image.nii', '-m', 'annotation_any', '--points', SIX];
    const { status } = await runSextant(
      [...words, '--space', 'index', '--config', POOL, '-o', 'mask.nii.gz'],
      { cwd: folder.path },
    );
    assert.equal(status, 3);
    assert.equal(readFileSync(join(folder.path, 'mask.nii.gz'), 'utf8'), 'of yesterday');
    assert.equal(readdirSync(folder.path).length, 2);
  });
});
