type Triple = readonly [number, number, number];

export interface ReferenceMasks {
  readonly shape: Triple;
  /** In C order. */
  readonly prediction: Uint8Array;
  readonly reference: Uint8Array;
  readonly label?: number | undefined;
  readonly spacing: Triple;
  readonly percentile: number;
}

/** The slow twin of surfaceDistances(): every surface voxel beside every one of the other mask. */
export function surfaceDistancesReference(masks: ReferenceMasks): Record<string, number> {
  const [a, b] = [surface(masks, masks.prediction), surface(masks, masks.reference)];
  const instead = a.length + b.length === 0 ? Number.NaN : Number.POSITIVE_INFINITY;
  if (a.length === 0 || b.length === 0) {
    return { hausdorff: instead, percentile: instead, average: instead, a: a.length, b: b.length };
  }
  const [there, back] = [distances(a, b, masks.spacing), distances(b, a, masks.spacing)];
  const all = [...there, ...back];
  return {
    hausdorff: Math.max(...all),
    percentile: Math.max(...[there, back].map((some) => percentileOf(some, masks.percentile))),
    average: all.reduce((sum, value) => sum + value, 0) / all.length,
    a: a.length,
    b: b.length,
  };
}

function surface({ shape, label }: ReferenceMasks, values: Uint8Array): Triple[] {
  const [nx, ny, nz] = shape;
  const isSet = (i: number, j: number, k: number) => {
    if (i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz) return false;
    const value = values[(i * ny + j) * nz + k];
    return label === undefined ? value !== 0 : value === label;
  };
  const found: Triple[] = [];
  values.forEach((_, n) => {
    const [i, j, k] = [Math.floor(n / ny / nz), Math.floor(n / nz) % ny, n % nz];
    const inside = [-1, 1].every(
      (d) => isSet(i + d, j, k) && isSet(i, j + d, k) && isSet(i, j, k + d),
    );
    if (isSet(i, j, k) && !inside) found.push([i, j, k]);
  });
  return found;
}

function distances(from: readonly Triple[], to: readonly Triple[], spacing: Triple): number[] {
  return from.map((a) => {
    let nearest = Number.POSITIVE_INFINITY;
    for (const b of to) {
      const apart = Math.hypot(
        (a[0] - b[0]) * spacing[0],
        (a[1] - b[1]) * spacing[1],
        (a[2] - b[2]) * spacing[2],
      );
      if (apart < nearest) nearest = apart;
    }
    return nearest;
  });
}

function percentileOf(values: readonly number[], percentile: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (percentile / 100) * (sorted.length - 1);
  const [low = 0, high = 0] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low + (high - low) * (at - Math.floor(at));
}
