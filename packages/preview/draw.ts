import type { Canvas, Colour } from './canvas.ts';
import { GLYPH_HEIGHT, widthOf } from './font.ts';
import { type GreyWindow, greyOf } from './grey-window.ts';
import { type Plane, pixelOf } from './plane.ts';
import type { Picture, Scene } from './scene.ts';
import { SHEET } from './sheet.ts';

/** Where a picture's upper left pixel lies on the sheet. */
export interface Corner {
  readonly left: number;
  readonly top: number;
}

const INK: Colour = [220, 220, 220];
const SHADOW: Colour = [0, 0, 0];
const POINT: Colour = [255, 214, 10];
const POINT_RADIUS = 4;
/** A point this near to a plane, in voxels, is on it. */
const NEAR_VOXELS = 1;
const FAINT = 0.35;
const OUTLINE_DEPTH = 2;
const TEXT_SIZE = 2;
/** By the mask's value, in turn. */
const OUTLINES: readonly Colour[] = [
  [48, 209, 88],
  [255, 69, 58],
  [10, 132, 255],
  [191, 90, 242],
  [255, 159, 10],
  [100, 210, 255],
];

export function drawGrey(
  canvas: Canvas,
  { size: [width, height], grey }: Picture,
  window: GreyWindow,
  { left, top }: Corner,
): void {
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const value = greyOf(grey[x * height + y] ?? Number.NaN, window);
      canvas.dot(left + x, top + y, [value, value, value]);
    }
  }
}

/** Paints the mask's pixels that have another value near them. */
export function drawOutline(canvas: Canvas, picture: Picture, { left, top }: Corner): void {
  const [width, height] = picture.size;
  const labelAt = (x: number, y: number) =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : (picture.labels[x * height + y] ?? 0);
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const label = labelAt(x, y);
      if (label !== 0 && hasOtherNear(labelAt, x, y)) {
        canvas.dot(left + x, top + y, OUTLINES[(label - 1) % OUTLINES.length] ?? INK);
      }
    }
  }
}

function hasOtherNear(labelAt: (x: number, y: number) => number, x: number, y: number): boolean {
  const label = labelAt(x, y);
  for (let step = 1; step <= OUTLINE_DEPTH; step++) {
    if (labelAt(x - step, y) !== label || labelAt(x + step, y) !== label) return true;
    if (labelAt(x, y - step) !== label || labelAt(x, y + step) !== label) return true;
  }
  return false;
}

export function drawPoints(
  canvas: Canvas,
  { plane, size }: Picture,
  { points, centre, grid }: Scene,
  { left, top }: Corner,
): void {
  for (const point of points) {
    const [x, y] = pixelOf(plane, point, grid.shape, size);
    const isNear = Math.abs(point[plane.through] - centre[plane.through]) <= NEAR_VOXELS;
    canvas.disc(left + x, top + y, POINT_RADIUS, POINT, isNear ? 1 : FAINT);
  }
}

/** Writes a plane's four letters at the middles of its frame's edges; `left` is the frame's. */
export function drawLetters(canvas: Canvas, { letters }: Plane, left: number): void {
  const { side, gap } = SHEET;
  const width = widthOf('L') * TEXT_SIZE;
  const height = GLYPH_HEIGHT * TEXT_SIZE;
  const inset = 4;
  const write = (x: number, y: number, letter: string) => {
    // A dark twin keeps the letter readable on bright tissue.
    canvas.text(x + 1, y + 1, letter, SHADOW, TEXT_SIZE);
    canvas.text(x, y, letter, INK, TEXT_SIZE);
  };
  const middleX = left + Math.floor((side - width) / 2);
  const middleY = gap + Math.floor((side - height) / 2);
  write(left + inset, middleY, letters.left);
  write(left + side - width - inset, middleY, letters.right);
  write(middleX, gap + inset, letters.top);
  write(middleX, gap + side - height - inset, letters.bottom);
}

export function drawScaleBar(canvas: Canvas, mmPerPixel: number): void {
  const mm = scaleBarMm(mmPerPixel);
  // Beyond these the header's units are wrong, and the font has no letters for the number.
  if (!(mm >= 0.01 && mm <= 1000)) return;
  const width = Math.round(mm / mmPerPixel);
  const y = footTop(canvas);
  canvas.box(SHEET.gap, y + 5, width, 4, INK);
  canvas.text(SHEET.gap + width + 8, y, `${mm} mm`, INK, TEXT_SIZE);
}

/** Says what the two looks of a point mean, at the right of the foot. */
export function drawLegend(canvas: Canvas): void {
  const y = footTop(canvas);
  const room = 2 * POINT_RADIUS + 8;
  let right = canvas.width - SHEET.gap;
  for (const [text, opacity] of [
    ['elsewhere', FAINT],
    ['in plane', 1],
  ] as const) {
    const x = right - widthOf(text) * TEXT_SIZE;
    canvas.text(x, y, text, INK, TEXT_SIZE);
    canvas.disc(x - room / 2 - 2, y + GLYPH_HEIGHT, POINT_RADIUS, POINT, opacity);
    right = x - room - 20;
  }
}

/** Where the foot's line of text begins. */
function footTop(canvas: Canvas): number {
  return canvas.height - SHEET.foot + 4;
}

/** A round length (1, 2 or 5 and zeros) that takes between a tenth and a quarter of a plane. */
export function scaleBarMm(mmPerPixel: number): number {
  const longest = (SHEET.side / 4) * mmPerPixel;
  const decade = 10 ** Math.floor(Math.log10(longest));
  const factor = [5, 2, 1].find((step) => step * decade <= longest) ?? 1;
  return Number((factor * decade).toPrecision(1));
}
