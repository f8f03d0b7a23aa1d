export interface ReferenceBox {
  /** The box's voxels, first axis fastest. */
  readonly values: Uint8Array;
  readonly boxShape: readonly [number, number, number];
  readonly boxLow: readonly [number, number, number];
  readonly shape: readonly [number, number, number];
}

/** The slow twin of runLengths(): builds the whole grid and walks it, so for small grids. */
export function runLengthsReference({
  values,
  boxShape,
  boxLow,
  shape,
}: ReferenceBox): Uint32Array {
  const grid = new Uint8Array(shape[0] * shape[1] * shape[2]);
  values.forEach((value, n) => {
    const i = boxLow[0] + (n % boxShape[0]);
    const j = boxLow[1] + (Math.floor(n / boxShape[0]) % boxShape[1]);
    const k = boxLow[2] + Math.floor(n / (boxShape[0] * boxShape[1]));
    grid[i + shape[0] * (j + shape[1] * k)] = value;
  });
  const pairs: number[] = [];
  grid.forEach((value, n) => {
    if (n > 0 && value === grid[n - 1]) pairs[pairs.length - 1] = (pairs.at(-1) ?? 0) + 1;
    else pairs.push(value, 1);
  });
  return Uint32Array.from(pairs);
}
