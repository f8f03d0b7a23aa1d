import { PNG } from 'pngjs';
import { abortError } from '#errors';
import { Canvas, type Colour } from './canvas.ts';
import {
  drawGrey,
  drawLegend,
  drawLetters,
  drawOutline,
  drawPoints,
  drawScaleBar,
} from './draw.ts';
import { greyWindow } from './grey-window.ts';
import { PLANES } from './plane.ts';
import { openScene, type SceneInput, takePicture } from './scene.ts';
import { SHEET } from './sheet.ts';
import { surroundings } from './surroundings.ts';

const BACKGROUND: Colour = [44, 44, 50];
const FRAME: Colour = [0, 0, 0];

/**
 * A PNG of three planes (axial, coronal, sagittal as radiology shows them: the patient's right on
 * the left) through the mask's centre, the mask outlined, the points marked: solid near the plane,
 * faint elsewhere, as a legend says. All three have one scale, in millimetres, and the letters of their edges. The greys are
 * spread over the values in and around the mask.
 *
 * @throws SextantError VOLUME_AFFINE_SINGULAR, CANCELLED
 */
export async function renderPreview(input: SceneInput): Promise<Uint8Array> {
  const { side, gap, foot } = SHEET;
  using scene = await openScene(input);
  const pictures = await Promise.all(PLANES.map((plane) => takePicture(plane, scene)));
  const canvas = new Canvas(3 * side + 4 * gap, side + 2 * gap + foot, BACKGROUND);
  const window = greyWindow(
    pictures.map(surroundings),
    pictures.map(({ grey }) => grey),
  );
  for (const [column, picture] of pictures.entries()) {
    const left = gap + column * (side + gap);
    const [width, height] = picture.size;
    const corner = {
      left: left + Math.floor((side - width) / 2),
      top: gap + Math.floor((side - height) / 2),
    };
    canvas.box(left, gap, side, side, FRAME);
    drawGrey(canvas, picture, window, corner);
    drawOutline(canvas, picture, corner);
    drawPoints(canvas, picture, scene, corner);
    drawLetters(canvas, picture.plane, left);
  }
  drawScaleBar(canvas, scene.mmPerPixel);
  if (scene.points.length > 0) drawLegend(canvas);
  if (input.signal?.aborted) throw abortError(input.signal);
  return encode(canvas);
}

function encode({ width, height, pixels }: Canvas): Promise<Uint8Array> {
  const png = new PNG({ width, height });
  png.data = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    png.on('data', (chunk: Buffer) => chunks.push(chunk));
    png.on('end', () => resolve(Buffer.concat(chunks))).on('error', reject);
    png.pack();
  });
}
