import assert from 'node:assert/strict';
import { PNG } from 'pngjs';
import { type Affine, transformPoint, type Vec3 } from '#geometry';
import { Tensor } from '#kernels';
import { scaleBarMm } from './draw.ts';
import { renderPreview } from './render-preview.ts';
import { SHEET } from './sheet.ts';

type Rgb = readonly [number, number, number];
const OUTLINE: Rgb = [48, 209, 88];
const POINT: Rgb = [255, 214, 10];

/** A picture taken apart. */
class Sheet {
  readonly #png: PNG;

  constructor(bytes: Uint8Array) {
    this.#png = PNG.sync.read(Buffer.from(bytes));
  }

  at(x: number, y: number): Rgb {
    const start = (y * this.#png.width + x) * 4;
    const [red = 0, green = 0, blue = 0] = this.#png.data.subarray(start, start + 3);
    return [red, green, blue];
  }

  /** Bounds of a colour in one frame (0 axial, 1 coronal, 2 sagittal), in the frame's pixels. */
  bounds(frame: number, isWanted: (colour: Rgb) => boolean) {
    const left = SHEET.gap + frame * (SHEET.side + SHEET.gap);
    const hits: (readonly [number, number])[] = [];
    for (let x = 0; x < SHEET.side; x++) {
      for (let y = 0; y < SHEET.side; y++) {
        if (isWanted(this.at(left + x, SHEET.gap + y))) hits.push([x, y]);
      }
    }
    const xs = hits.map(([x]) => x);
    const ys = hits.map(([, y]) => y);
    const span = (values: number[]) =>
      values.length === 0 ? 0 : Math.max(...values) - Math.min(...values) + 1;
    return {
      count: hits.length,
      width: span(xs),
      height: span(ys),
      left: Math.min(...xs),
      top: Math.min(...ys),
    };
  }
}

const is = (wanted: Rgb) => (colour: Rgb) => colour.every((value, i) => value === wanted[i]);

interface Block {
  readonly shape: Vec3;
  readonly affine: Affine;
  readonly low: Vec3;
  readonly high: Vec3;
}

/** An image that is bright in a block, which is the mask too. */
async function pictureOf({ shape, affine, low, high }: Block, points: readonly Vec3[] = []) {
  const inside: number[] = [];
  for (let x = 0; x < shape[0]; x++) {
    for (let y = 0; y < shape[1]; y++) {
      for (let z = 0; z < shape[2]; z++) {
        const at = [x, y, z];
        const within = [0, 1, 2].every(
          (i) => (at[i] ?? 0) >= (low[i] ?? 0) && (at[i] ?? 0) < (high[i] ?? 0),
        );
        inside.push(within ? 1 : 0);
      }
    }
  }
  using voxels = Tensor.fromArray(
    'int16',
    shape,
    inside.map((value, at) => 100 * value + (at % 7)),
  );
  using mask = Tensor.fromArray('uint8', shape, inside);
  const grid = { shape, affine };
  return new Sheet(await renderPreview({ grid, voxels, mask, maskLow: [0, 0, 0], points }));
}

const diagonal = (x: number, y: number, z: number): Affine => [
  x,
  0,
  0,
  0,
  0,
  y,
  0,
  0,
  0,
  0,
  z,
  0,
  0,
  0,
  0,
  1,
];

describe('the preview', () => {
  it('has the proportions of millimetres on an anisotropic grid', async () => {
    // 40 x 40 x 40 mm: a cube of 20 mm in voxels of 1 x 2 x 4 mm.
    const block: Block = {
      shape: [40, 20, 10],
      affine: diagonal(1, 2, 4),
      low: [4, 4, 3],
      high: [24, 14, 8],
    };
    const sheet = await pictureOf(block);
    for (const frame of [0, 1, 2]) {
      const { width, height } = sheet.bounds(frame, is(OUTLINE));
      assert.equal(width, 200, `width in frame ${frame}`);
      assert.equal(height, 200, `height in frame ${frame}`);
    }
  });

  it('shows right on the left, front and head above', async () => {
    // RAS: low x is left, high y is front, high z is head.
    const shape: Vec3 = [40, 40, 40];
    const block = {
      shape,
      affine: diagonal(1, 1, 1),
      low: [30, 30, 30],
      high: [38, 38, 38],
    } as const;
    const sheet = await pictureOf(block);
    const corners = [0, 1, 2].map((frame) => sheet.bounds(frame, is(OUTLINE)));
    for (const { left, top } of corners) assert.deepEqual([left, top], [20, 20]);
  });

  it('shows the same anatomy whichever way the file stores it', async () => {
    const ras = { shape: [30, 30, 30], affine: diagonal(1, 1, 1) } as const;
    const plain = await pictureOf({ ...ras, low: [18, 4, 20], high: [26, 12, 26] });
    // Stored with axes (z down, x to the left, y): index (29 - z, 29 - x, y).
    const affine = [0, -1, 0, 29, 0, 0, 1, 0, -1, 0, 0, 29, 0, 0, 0, 1];
    assert.deepEqual(transformPoint(affine, [9, 4, 7]), [25, 7, 20]);
    const stored = await pictureOf({
      shape: [30, 30, 30],
      affine,
      low: [4, 4, 4],
      high: [10, 12, 12],
    });
    for (const frame of [0, 1, 2]) {
      assert.deepEqual(
        stored.bounds(frame, is(OUTLINE)),
        plain.bounds(frame, is(OUTLINE)),
        `frame ${frame}`,
      );
    }
  });

  it('draws a turned grid along its nearest axes', async () => {
    const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
    const affine = [c, -s, 0, 5, s, c, 0, -7, 0, 0, 2, 1, 0, 0, 0, 1];
    const sheet = await pictureOf({
      shape: [40, 40, 20],
      affine,
      low: [10, 10, 5],
      high: [30, 30, 15],
    });
    const { width, height } = sheet.bounds(1, is(OUTLINE));
    assert.deepEqual([width, height], [200, 200]);
  });

  it('marks points near a plane solid and others faint', async () => {
    const block: Block = {
      shape: [40, 40, 40],
      affine: diagonal(1, 1, 1),
      low: [10, 10, 10],
      high: [31, 31, 31],
    };
    const sheet = await pictureOf(block, [[20, 5, 20]]);
    // On the axial and sagittal planes through (20, 20, 20), 15 voxels from the coronal one.
    assert.ok(sheet.bounds(0, is(POINT)).count > 20);
    assert.equal(sheet.bounds(1, is(POINT)).count, 0);
    assert.ok(sheet.bounds(2, is(POINT)).count > 20);
    const { left, width, top } = sheet.bounds(0, is(POINT));
    const centreX = left + (width - 1) / 2;
    assert.ok(Math.abs(centreX - 194.5) <= 1, `x of the point: ${centreX}`);
    assert.ok(top > 330, 'a point at the back lies low in the axial plane');
  });

  it('writes the letters of each plane', async () => {
    const dark = {
      shape: [10, 10, 10],
      affine: diagonal(1, 1, 1),
      low: [4, 4, 4],
      high: [6, 6, 6],
    } as const;
    const sheet = await pictureOf(dark);
    const ink = is([220, 220, 220]);
    // R of the axial plane: its stem, and no ink at the lower right of an L's foot between strokes.
    const left = SHEET.gap + 4;
    const top = SHEET.gap + Math.floor((SHEET.side - 14) / 2);
    const rowOf = (y: number) =>
      [0, 1, 2, 3, 4].map((x) => (ink(sheet.at(left + 2 * x, top + 2 * y)) ? '#' : ' ')).join('');
    assert.deepEqual([0, 1, 2, 3, 4, 5, 6].map(rowOf), [
      '#### ',
      '#   #',
      '#   #',
      '#### ',
      '# #  ',
      '#  # ',
      '#   #',
    ]);
  });

  it('keeps planes apart, and says what solid and faint points mean', async () => {
    const block: Block = {
      shape: [40, 40, 40],
      affine: diagonal(1, 1, 1),
      low: [10, 10, 10],
      high: [31, 31, 31],
    };
    const [without, having] = [await pictureOf(block), await pictureOf(block, [[20, 20, 20]])];
    const middle = SHEET.gap + SHEET.side / 2;
    const between = SHEET.gap + SHEET.side;
    for (const x of [between, between + SHEET.gap - 1]) {
      assert.notDeepEqual(having.at(x, middle), [0, 0, 0], 'not a frame');
    }
    assert.ok(SHEET.gap >= 24, 'wider than the letters at both of its sides');
    const legend = (sheet: Sheet) => {
      let ink = 0;
      for (let x = 2 * (SHEET.side + SHEET.gap); x < 3 * (SHEET.side + SHEET.gap); x++) {
        for (let y = 0; y < SHEET.foot; y++) {
          if (is([220, 220, 220])(sheet.at(x, SHEET.side + 2 * SHEET.gap + y))) ink++;
        }
      }
      return ink;
    };
    assert.equal(legend(without), 0);
    assert.ok(legend(having) > 100);
  });

  it('takes an empty mask, one voxel, and an image without contrast', async () => {
    const shape: Vec3 = [6, 6, 1];
    using voxels = Tensor.empty('float32', shape);
    using mask = Tensor.empty('uint8', shape);
    const grid = { shape, affine: diagonal(1, 1, 1) };
    await renderPreview({ grid, voxels, mask, maskLow: [0, 0, 0], points: [] });
  });

  it('snaps to a plane that has mask where the centre of gravity has none', async () => {
    const shape: Vec3 = [21, 21, 21];
    using voxels = Tensor.empty('float32', shape);
    const shell = Array.from({ length: 21 ** 3 }, (_, at) => {
      const x = Math.floor(at / 441);
      return x === 2 || x === 18 ? 1 : 0;
    });
    using mask = Tensor.fromArray('uint8', shape, shell);
    const grid = { shape, affine: diagonal(1, 1, 1) };
    const bytes = await renderPreview({ grid, voxels, mask, maskLow: [0, 0, 0], points: [] });
    assert.ok(new Sheet(bytes).bounds(2, is(OUTLINE)).count > 0, 'the sagittal plane has mask');
  });

  it('takes the box of a mask in place of the whole', async () => {
    const shape: Vec3 = [30, 30, 30];
    const affine = [-1, 0, 0, 29, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
    const whole = await pictureOf({ shape, affine, low: [3, 8, 9], high: [9, 18, 21] });
    using voxels = Tensor.empty('float32', shape);
    using mask = Tensor.fromArray('uint8', [6, 10, 12], new Array(720).fill(1));
    const grid = { shape, affine };
    const boxed = new Sheet(
      await renderPreview({ grid, voxels, mask, maskLow: [3, 8, 9], points: [] }),
    );
    for (const frame of [0, 1, 2]) {
      assert.deepEqual(boxed.bounds(frame, is(OUTLINE)), whole.bounds(frame, is(OUTLINE)));
    }
  });

  it('has a scale bar of a round length', () => {
    assert.equal(scaleBarMm(0.1), 10);
    assert.equal(scaleBarMm(0.64), 50);
    assert.equal(scaleBarMm(0.004), 0.2);
    assert.equal(scaleBarMm(2.5), 200);
  });
});
