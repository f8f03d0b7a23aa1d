export interface ReferenceMask {
  readonly shape: readonly [number, number, number];
  /** In C order of the shape. */
  readonly values: Uint8Array;
  readonly label?: number | undefined;
  readonly connectivity: 6 | 18 | 26;
}

/** The slow twin of largestComponent(): floods from every voxel in C order, voxel by voxel. */
export function largestComponentReference(mask: ReferenceMask): {
  mask: Uint8Array;
  voxels: number;
} {
  const { values, label } = mask;
  const isForeground = (value: number) => (label === undefined ? value !== 0 : value === label);
  const componentOf = new Int32Array(values.length);
  const sizes = [0];
  values.forEach((value, start) => {
    if (!isForeground(value) || componentOf[start] !== 0) return;
    sizes.push(flood(mask, start, componentOf, sizes.length, isForeground));
  });
  const largest = sizes.indexOf(Math.max(...sizes));
  const kept = values.map((value, n) =>
    isForeground(value) && componentOf[n] !== largest ? 0 : value,
  );
  return { mask: kept, voxels: sizes[largest] ?? 0 };
}

function flood(
  { shape, values, connectivity }: ReferenceMask,
  start: number,
  componentOf: Int32Array,
  component: number,
  isForeground: (value: number) => boolean,
): number {
  const [nx, ny, nz] = shape;
  const steps = stepsOf(connectivity);
  const waiting = [start];
  componentOf[start] = component;
  let size = 0;
  for (let voxel = waiting.pop(); voxel !== undefined; voxel = waiting.pop()) {
    size++;
    const [i, j, k] = [Math.floor(voxel / (ny * nz)), Math.floor(voxel / nz) % ny, voxel % nz];
    for (const [di, dj, dk] of steps) {
      const [a, b, c] = [i + di, j + dj, k + dk];
      if (a < 0 || b < 0 || c < 0 || a >= nx || b >= ny || c >= nz) continue;
      const next = (a * ny + b) * nz + c;
      if (componentOf[next] !== 0 || !isForeground(values[next] ?? 0)) continue;
      componentOf[next] = component;
      waiting.push(next);
    }
  }
  return size;
}

/** The steps to all neighbours: at most 1 (6), 2 (18) or 3 (26) coordinates change. */
function stepsOf(connectivity: 6 | 18 | 26): [number, number, number][] {
  const most = { 6: 1, 18: 2, 26: 3 }[connectivity];
  const each = [-1, 0, 1];
  return each
    .flatMap((i) => each.flatMap((j) => each.map((k): [number, number, number] => [i, j, k])))
    .filter((step) => {
      const changed = step.filter((d) => d !== 0).length;
      return changed > 0 && changed <= most;
    });
}
