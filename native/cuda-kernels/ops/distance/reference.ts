export interface ReferenceDistances {
  readonly shape: readonly [number, number, number];
  /** In C order. */
  readonly mask: Uint8Array;
  readonly spacing: readonly [number, number, number];
}

/** The slow twin of distanceTransform(): every voxel beside every voxel of 0. */
export function distanceReference({ shape, mask, spacing }: ReferenceDistances): Float32Array {
  const [, ny, nz] = shape;
  const placeOf = (n: number) => [Math.floor(n / ny / nz), Math.floor(n / nz) % ny, n % nz];
  const zeros = Array.from(mask.keys())
    .filter((n) => mask[n] === 0)
    .map(placeOf);
  return Float32Array.from(mask, (_, n) => {
    const place = placeOf(n);
    let nearest = Number.POSITIVE_INFINITY;
    for (const zero of zeros) {
      let square = 0;
      for (let axis = 0; axis < 3; axis++) {
        square += (((zero[axis] ?? 0) - (place[axis] ?? 0)) * (spacing[axis] ?? 1)) ** 2;
      }
      if (square < nearest) nearest = square;
    }
    return Math.sqrt(nearest);
  });
}
