import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { click, encodeNiftiGzip, encodeRunLengths, prepareVolume } from '#annotation';
import type { Vec3 } from '#geometry';
import { openEngine } from '#kernels';
import { loadModelPool, type ModelPool } from '#models';
import { MaskEncoding, PointSpace } from '#proto/sextant/v1/annotation';
import { readNifti } from '#volume/nifti';
import { niftiFile } from '../../cli/testing/nifti-file.ts';

const ROOT = join(import.meta.dirname, '../..');
export const POOL = join(ROOT, 'models/engine_pool.json');
const SAMPLE = join(ROOT, 'samples/hippocampus');
const MODELS = ['annotation_hippocampus', 'annotation_any'];
const VOLUME_LIMIT_BYTES = 2 ** 30;
/** Where NIfTI-1's header has 80 bytes of free text. */
const DESCRIPTION = 148;

/** An image that clients send, each with its own words in the header: other bytes, the same voxels. */
export interface Image {
  readonly name: string;
  readonly bytes: (owner: string) => Buffer;
  readonly questions: readonly Question[];
}

/** A click, and the mask that it must give. */
export interface Question {
  readonly model: string;
  readonly space: PointSpace;
  readonly points: readonly { x: number; y: number; z: number }[];
  readonly encoding: MaskEncoding;
  readonly mask: Buffer;
}

/** Computes every mask alone, in this process, with nothing else going on. */
export async function computeImages(): Promise<Image[]> {
  const silent = { info() {}, warn() {} };
  const options = { engine: openEngine({}), skipBroken: false, strictEngine: false, log: silent };
  const pool = await loadModelPool(POOL, options);
  try {
    const images: Image[] = [];
    for (const plain of plainImages()) images.push(await computeImage(plain, pool));
    return images;
  } finally {
    pool.dispose();
  }
}

interface PlainImage {
  readonly name: string;
  readonly file: Buffer;
  readonly zipped: boolean;
  readonly points: readonly Vec3[];
}

function plainImages(): PlainImage[] {
  const sample = gunzipSync(readFileSync(join(SAMPLE, 'image.nii.gz')));
  const { points } = JSON.parse(readFileSync(join(SAMPLE, 'points.json'), 'utf8')) as {
    points: Vec3[];
  };
  const shape = [0, 1, 2].map((axis) => sample.readInt16LE(42 + 2 * axis)) as unknown as Vec3;
  const last = shape.map((count) => count - 1);
  const turned = points.map((point) => point.map((at, axis) => (last[axis] ?? 0) - at));
  const made = niftiFile({ voxel: (at) => ((at * 2654435761) % 1000) + (at % 3 ? 0 : 500) });
  const madePoints: Vec3[] = [
    [4, 12, 8],
    [15, 12, 8],
    [10, 5, 8],
    [10, 18, 8],
    [10, 12, 4],
    [10, 12, 11],
  ];
  return [
    { name: 'hippocampus', file: sample, zipped: true, points },
    {
      name: 'turned',
      file: turnedVoxels(sample),
      zipped: false,
      points: turned as unknown as Vec3[],
    },
    { name: 'made', file: made, zipped: false, points: madePoints },
  ];
}

/** All axes the other way round, under the same affine: another image with other masks. */
function turnedVoxels(file: Buffer): Buffer {
  const begin = file.readFloatLE(108);
  const size = file.readInt16LE(72) / 8;
  const turned = Buffer.from(file);
  for (let at = begin; at < file.length; at += size) {
    file.copy(turned, begin + file.length - size - at, at, at + size);
  }
  return turned;
}

async function computeImage(plain: PlainImage, pool: ModelPool): Promise<Image> {
  const questions: Question[] = [];
  for (const model of MODELS) {
    for (const encoding of [
      MaskEncoding.MASK_ENCODING_RUN_LENGTHS,
      MaskEncoding.MASK_ENCODING_NIFTI_GZIP,
    ]) {
      const isFile = encoding === MaskEncoding.MASK_ENCODING_NIFTI_GZIP;
      const decode = async () => {
        const image = await readNifti(
          { bytes: plain.file },
          { volumeLimitBytes: VOLUME_LIMIT_BYTES },
        );
        const volume = await prepareVolume(image, {});
        return { volume, [Symbol.dispose]: () => volume.dispose() };
      };
      const { mask, grid } = await click({
        model: pool.get(model),
        decode,
        points: plain.points,
        space: 'index',
        encode: isFile ? encodeNiftiGzip : encodeRunLengths,
      });
      const kept = Buffer.from(mask);
      for (const [space, points] of inEverySpace(plain.points, grid.affine)) {
        questions.push({ model, encoding, space, points, mask: kept });
      }
    }
  }
  const bytes = (owner: string) => {
    const own = Buffer.from(plain.file);
    own.fill(0, DESCRIPTION, DESCRIPTION + 80).write(owner, DESCRIPTION, 79, 'latin1');
    return plain.zipped ? gzipSync(own, { level: 1 }) : own;
  };
  return { name: plain.name, bytes, questions };
}

function inEverySpace(points: readonly Vec3[], affine: ArrayLike<number>) {
  const index = points.map(([x, y, z]) => ({ x, y, z }));
  const row = (r: number, { x, y, z }: (typeof index)[number]) =>
    (affine[r] ?? 0) * x +
    (affine[r + 1] ?? 0) * y +
    (affine[r + 2] ?? 0) * z +
    (affine[r + 3] ?? 0);
  const ras = index.map((point) => ({ x: row(0, point), y: row(4, point), z: row(8, point) }));
  const lps = ras.map(({ x, y, z }) => ({ x: -x, y: -y, z }));
  return [
    [PointSpace.POINT_SPACE_INDEX, index],
    [PointSpace.POINT_SPACE_RAS, ras],
    [PointSpace.POINT_SPACE_LPS, lps],
  ] as const;
}
