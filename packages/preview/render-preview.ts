import { PNG } from 'pngjs';
import { abortError } from '#errors';
import { type ClosestRas, closestRas, type Grid, perAxis, type Vec3 } from '#geometry';
import { resample, Tensor } from '#kernels';
import { Canvas, type Colour } from './canvas.ts';
import { planesThrough } from './centre.ts';
import { GLYPH_HEIGHT, widthOf } from './font.ts';
import { greyOf, greyWindow } from './grey-window.ts';
import { PLANES, type Plane, pictureSize, pixelMm, pixelOf, pixelToIndex } from './plane.ts';

export interface PreviewInput {
  /** The image's grid, in the file's axis order; so is everything else here. */
  readonly grid: Grid;
  /** The image: 3D, the grid's shape, any scalar type. */
  readonly voxels: Tensor;
  /** The mask, or the box of it that is not background: 3D, uint8. */
  readonly mask: Tensor;
  /** The grid index of the mask's first voxel. */
  readonly maskLow: Vec3;
  /** Voxel indices. */
  readonly points: readonly Vec3[];
  readonly signal?: AbortSignal | undefined;
}

const SIDE = 400;
const GAP = 8;
const FOOT = 28;
const TEXT_SIZE = 2;
const BACKGROUND: Colour = [24, 24, 28];
const INK: Colour = [220, 220, 220];
const POINT: Colour = [255, 214, 10];
const OUTLINES: readonly Colour[] = [
  [48, 209, 88],
  [255, 69, 58],
  [10, 132, 255],
  [191, 90, 242],
  [255, 159, 10],
  [100, 210, 255],
];
/** A point this near to a plane, in voxels, is on it. */
const NEAR_VOXELS = 1;
const FAINT = 0.35;
const POINT_RADIUS = 4;

/**
 * A PNG of three planes (axial, coronal, sagittal as radiology shows them) through the mask's
 * centre, the mask outlined, the points marked: solid near the plane, faint elsewhere. All three
 * have one scale, in millimetres, and the letters of their edges.
 */
export async function renderPreview(input: PreviewInput): Promise<Uint8Array> {
  const scene = await openScene(input);
  const canvas = new Canvas(3 * SIDE + 4 * GAP, SIDE + 2 * GAP + FOOT, BACKGROUND);
  const pictures = await Promise.all(PLANES.map((plane) => takePicture(plane, scene)));
  const window = greyWindow(concatenated(pictures.map(({ grey }) => grey)));
  for (const [column, picture] of pictures.entries()) {
    const left = GAP + column * (SIDE + GAP) + Math.floor((SIDE - picture.size[0]) / 2);
    const top = GAP + Math.floor((SIDE - picture.size[1]) / 2);
    drawGrey(canvas, picture, window, left, top);
    drawOutline(canvas, picture, left, top);
    drawPoints(canvas, picture, scene, left, top);
    drawLetters(canvas, picture.plane, GAP + column * (SIDE + GAP));
  }
  drawScaleBar(canvas, scene.mmPerPixel);
  if (input.signal?.aborted) throw abortError(input.signal);
  return encode(canvas);
}

/** The input turned into the closest-RAS view. */
interface Scene {
  readonly view: ClosestRas;
  readonly voxels: Tensor;
  readonly mask: Tensor;
  readonly maskLow: Vec3;
  readonly points: readonly Vec3[];
  readonly mmPerPixel: number;
  readonly centre: Vec3;
  readonly signal: AbortSignal | undefined;
}

interface Picture {
  readonly plane: Plane;
  readonly size: readonly [width: number, height: number];
  /** Both column by column: x times the height, plus y. */
  readonly grey: Float32Array;
  readonly labels: Float32Array;
}

async function openScene({ grid, points, signal, ...input }: PreviewInput): Promise<Scene> {
  const view = closestRas(grid);
  const mask = turned(input.mask, view);
  const shape = mask.shape as unknown as Vec3;
  const stored = view.order;
  const maskLow = perAxis((axis) => {
    const low = input.maskLow[stored[axis]];
    return view.flip[axis] ? view.grid.shape[axis] - low - shape[axis] : low;
  });
  const inMask = planesThrough(mask.toArray() as ArrayLike<number>, shape);
  return {
    view,
    voxels: turned(input.voxels, view),
    mask,
    maskLow,
    points: points.map(view.toViewIndex),
    mmPerPixel: pixelMm(view.grid, SIDE),
    centre: perAxis((axis) => inMask[axis] + maskLow[axis]),
    signal,
  };
}

function turned(tensor: Tensor, { order, flip }: ClosestRas): Tensor {
  const axes = [0, 1, 2].filter((axis) => flip[axis]);
  return tensor.permute(order).flip(axes);
}

async function takePicture(plane: Plane, scene: Scene): Promise<Picture> {
  const { grid } = scene.view;
  const size = pictureSize(plane, grid, scene.mmPerPixel);
  const at = scene.centre[plane.through];
  const take = async (input: Tensor, low: Vec3, interpolation: 'linear' | 'nearest') => {
    const output = Tensor.empty('float32', [size[0], size[1], 1]);
    const outputToInput = pixelToIndex(plane, grid.shape, size, { at, low });
    const signal = scene.signal === undefined ? {} : { signal: scene.signal };
    await resample({ input, output, outputToInput, interpolation, ...signal });
    const values = output.toArray() as Float32Array;
    output.dispose();
    return values;
  };
  const [grey, labels] = await Promise.all([
    take(scene.voxels, [0, 0, 0], 'linear'),
    take(scene.mask, scene.maskLow, 'nearest'),
  ]);
  return { plane, size, grey, labels };
}

function drawGrey(
  canvas: Canvas,
  { size: [width, height], grey }: Picture,
  window: { black: number; white: number },
  left: number,
  top: number,
): void {
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const value = greyOf(grey[x * height + y] ?? Number.NaN, window);
      canvas.dot(left + x, top + y, [value, value, value]);
    }
  }
}

/** Paints the mask's pixels that have another value beside them, two pixels deep. */
function drawOutline(canvas: Canvas, picture: Picture, left: number, top: number): void {
  const [width, height] = picture.size;
  const labelAt = (x: number, y: number) =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : (picture.labels[x * height + y] ?? 0);
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const label = labelAt(x, y);
      if (label === 0 || !hasOtherWithin(labelAt, x, y, label, 2)) continue;
      canvas.dot(left + x, top + y, outlineOf(label));
    }
  }
}

function hasOtherWithin(
  labelAt: (x: number, y: number) => number,
  x: number,
  y: number,
  label: number,
  reach: number,
): boolean {
  for (let step = 1; step <= reach; step++) {
    if (labelAt(x - step, y) !== label || labelAt(x + step, y) !== label) return true;
    if (labelAt(x, y - step) !== label || labelAt(x, y + step) !== label) return true;
  }
  return false;
}

function outlineOf(label: number): Colour {
  return OUTLINES[(label - 1) % OUTLINES.length] ?? POINT;
}

function drawPoints(
  canvas: Canvas,
  { plane, size }: Picture,
  { points, centre, view }: Scene,
  left: number,
  top: number,
): void {
  for (const point of points) {
    const [x, y] = pixelOf(plane, point, view.grid.shape, size);
    const near = Math.abs(point[plane.through] - centre[plane.through]) <= NEAR_VOXELS;
    canvas.disc(left + x, top + y, POINT_RADIUS, POINT, near ? 1 : FAINT);
  }
}

function drawLetters(canvas: Canvas, { letters }: Plane, left: number): void {
  const width = widthOf('L') * TEXT_SIZE;
  const height = GLYPH_HEIGHT * TEXT_SIZE;
  const inset = 4;
  const middleX = left + Math.floor((SIDE - width) / 2);
  const middleY = GAP + Math.floor((SIDE - height) / 2);
  const write = (x: number, y: number, letter: string) => {
    // A dark twin keeps the letter readable on bright tissue.
    canvas.text(x + 1, y + 1, letter, [0, 0, 0], TEXT_SIZE);
    canvas.text(x, y, letter, INK, TEXT_SIZE);
  };
  write(left + inset, middleY, letters.left);
  write(left + SIDE - width - inset, middleY, letters.right);
  write(middleX, GAP + inset, letters.top);
  write(middleX, GAP + SIDE - height - inset, letters.bottom);
}

function drawScaleBar(canvas: Canvas, mmPerPixel: number): void {
  const mm = barMm(mmPerPixel);
  const width = Math.round(mm / mmPerPixel);
  const y = canvas.height - FOOT + 4;
  canvas.box(GAP, y + 5, width, 4, INK);
  canvas.text(GAP + width + 8, y, `${mm} mm`, INK, TEXT_SIZE);
}

/** A round length that takes between a tenth and a quarter of a plane. */
export function barMm(mmPerPixel: number): number {
  const longest = (SIDE / 4) * mmPerPixel;
  const decade = 10 ** Math.floor(Math.log10(longest));
  const factor = [5, 2, 1].find((step) => step * decade <= longest) ?? 1;
  return Number((factor * decade).toPrecision(1));
}

function concatenated(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function encode({ width, height, pixels }: Canvas): Promise<Uint8Array> {
  const png = new PNG({ width, height });
  png.data = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    png.pack().on('data', (chunk: Buffer) => chunks.push(chunk));
    png.on('end', () => resolve(Buffer.concat(chunks))).on('error', reject);
  });
}
