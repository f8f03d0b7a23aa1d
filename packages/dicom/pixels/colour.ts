import type { Palette, PixelLayout } from '../instance.ts';

/** Colour planes to interleaved pixels; `width` bytes a sample. */
export function interleave(planar: Uint8Array, width: number): Uint8Array {
  const pixels = planar.length / width / 3;
  const mixed = new Uint8Array(planar.length);
  for (let sample = 0; sample < 3; sample++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      for (let byte = 0; byte < width; byte++) {
        mixed[(pixel * 3 + sample) * width + byte] = planar[
          (sample * pixels + pixel) * width + byte
        ] as number;
      }
    }
  }
  return mixed;
}

/** Y1 Y2 Cb Cr for every two pixels of a row, to Y Cb Cr each (PS3.3 C.7.6.3.1.2). */
export function spread422(halved: Uint8Array, { rows, columns }: PixelLayout): Uint8Array {
  const full = new Uint8Array(rows * columns * 3);
  for (let pair = 0; pair * 4 + 3 < halved.length; pair++) {
    const [y1 = 0, y2 = 0, cb = 0, cr = 0] = halved.subarray(pair * 4, pair * 4 + 4);
    full.set([y1, cb, cr, y2, cb, cr], pair * 6);
  }
  return full;
}

/** YBR_FULL of 8 bits to RGB, in place (PS3.3 C.7.6.3.1.2, ITU-R BT.601 of full range). */
export function ybrToRgb(pixels: Uint8Array): void {
  for (let n = 0; n + 2 < pixels.length; n += 3) {
    const [y = 0, cb = 0, cr = 0] = pixels.subarray(n, n + 3);
    pixels[n] = to8(y + 1.402 * (cr - 128));
    pixels[n + 1] = to8(y - 0.344136 * (cb - 128) - 0.714136 * (cr - 128));
    pixels[n + 2] = to8(y + 1.772 * (cb - 128));
  }
}

function to8(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)));
}

/** Palette indices to RGB of 8 bits; indices beyond the table take its first or last entry. */
export function applyPalette(
  indices: Uint8Array | Uint16Array | Int8Array | Int16Array,
  palette: Palette,
): Uint8Array {
  const [red, green, blue] = [palette.red, palette.green, palette.blue].map((table) =>
    table.map((entry) => (palette.bits === 16 ? entry >> 8 : entry)),
  ) as [Uint16Array, Uint16Array, Uint16Array];
  const last = red.length - 1;
  const colours = new Uint8Array(indices.length * 3);
  for (let n = 0; n < indices.length; n++) {
    const entry = Math.max(0, Math.min(last, (indices[n] as number) - palette.firstMapped));
    colours[3 * n] = red[entry] as number;
    colours[3 * n + 1] = green[entry] as number;
    colours[3 * n + 2] = blue[entry] as number;
  }
  return colours;
}
