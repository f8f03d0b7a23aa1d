import type { Slice } from './slice.ts';

/** Takes tiles out of a decoded plane, end to end in the order given. */
export function tilesOut(plane: Uint8Array, tiles: readonly Slice[]): Uint8Array {
  const [first] = tiles;
  if (first === undefined) return new Uint8Array();
  const { rows, columns, instance } = first;
  const { pixels, mosaic } = instance;
  const tilesPerRow = mosaic?.tilesPerRow ?? 1;
  const sampleBytes = plane.length / (pixels.rows * pixels.columns);
  const lineBytes = columns * sampleBytes;
  const planeLineBytes = pixels.columns * sampleBytes;
  const out = new Uint8Array(tiles.length * rows * lineBytes);
  tiles.forEach(({ tile = 0 }, n) => {
    const left = (tile % tilesPerRow) * lineBytes;
    const top = Math.floor(tile / tilesPerRow) * rows;
    for (let row = 0; row < rows; row++) {
      const from = (top + row) * planeLineBytes + left;
      out.set(plane.subarray(from, from + lineBytes), (n * rows + row) * lineBytes);
    }
  });
  return out;
}
