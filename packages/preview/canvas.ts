import { inkOf } from './font.ts';

export type Colour = readonly [red: number, green: number, blue: number];

/** An RGB picture being drawn; x grows to the right, y downwards. What lies outside is left out. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  /** Four bytes a pixel (red, green, blue, opacity), row by row. */
  readonly pixels: Uint8Array;

  constructor(width: number, height: number, background: Colour) {
    this.width = width;
    this.height = height;
    this.pixels = new Uint8Array(width * height * 4);
    for (let at = 0; at < this.pixels.length; at += 4) this.pixels.set([...background, 255], at);
  }

  /** Mixes `colour` into a pixel; `opacity` 1 replaces it. */
  dot(x: number, y: number, colour: Colour, opacity = 1): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const at = (y * this.width + x) * 4;
    for (const [channel, value] of colour.entries()) {
      const below = this.pixels[at + channel] ?? 0;
      this.pixels[at + channel] = Math.round(below + (value - below) * opacity);
    }
  }

  box(x: number, y: number, width: number, height: number, colour: Colour): void {
    for (let row = y; row < y + height; row++) {
      for (let column = x; column < x + width; column++) this.dot(column, row, colour);
    }
  }

  /** A disc around (x, y), its rim smooth. */
  disc(x: number, y: number, radius: number, colour: Colour, opacity = 1): void {
    const reach = Math.ceil(radius) + 1;
    for (let row = Math.floor(y) - reach; row <= y + reach; row++) {
      for (let column = Math.floor(x) - reach; column <= x + reach; column++) {
        const inside = radius + 0.5 - Math.hypot(column - x, row - y);
        if (inside > 0) this.dot(column, row, colour, Math.min(1, inside) * opacity);
      }
    }
  }

  /** Writes `text` with its upper left corner at (x, y), each pixel of the font `size` wide. */
  text(x: number, y: number, text: string, colour: Colour, size: number): void {
    for (const [dx, dy] of inkOf(text)) this.box(x + dx * size, y + dy * size, size, size, colour);
  }
}
