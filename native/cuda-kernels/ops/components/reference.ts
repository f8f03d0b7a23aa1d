export interface ReferenceMask {
  readonly shape: readonly [number, number, number];
  /** In C order of the shape. */
  readonly values: Uint8Array;
  readonly label?: number | undefined;
  readonly connectivity: 6 | 18 | 26;
}

const isLooked =
  ({ label }: ReferenceMask) =>
  (value: number) =>
    label === undefined ? value !== 0 : value === label;

/** The slow twin of largestComponent(): floods from every voxel in C order, voxel by voxel. */
export function largestComponentReference(mask: ReferenceMask): {
  mask: Uint8Array;
  voxels: number;
} {
  const { componentOf, sizes } = components(mask);
  const largest = sizes.indexOf(Math.max(...sizes));
  const kept = mask.values.map((value, n) =>
    componentOf[n] !== 0 && componentOf[n] !== largest ? 0 : value,
  );
  return { mask: kept, voxels: sizes[largest] ?? 0 };
}

/** The slow twin of labelComponents(). */
export function labelComponentsReference(mask: ReferenceMask): {
  labels: Int32Array;
  voxels: number[];
} {
  const { componentOf, sizes } = components(mask);
  const order = [...sizes.keys()].slice(1);
  order.sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0) || a - b);
  const numberOf = new Map(order.map((component, n) => [component, n + 1]));
  return {
    labels: Int32Array.from(componentOf, (component) => numberOf.get(component) ?? 0),
    voxels: order.map((component) => sizes[component] ?? 0),
  };
}

/** The slow twin of fillHoles(): floods what is not the label from the faces; the rest is enclosed. */
export function fillHolesReference(mask: ReferenceMask): { mask: Uint8Array; voxels: number } {
  const { shape, values, label } = mask;
  const isOutside = (value: number) => !isLooked(mask)(value);
  const reached = new Int32Array(values.length);
  values.forEach((value, n) => {
    const [nx, ny, nz] = shape;
    const place = [Math.floor(n / (ny * nz)), Math.floor(n / nz) % ny, n % nz];
    const onFace = place.some((at, axis) => at === 0 || at === ([nx, ny, nz][axis] ?? 0) - 1);
    if (onFace && isOutside(value) && reached[n] === 0) flood(mask, n, reached, 1, isOutside);
  });
  const isHole = (value: number, n: number) => value === 0 && reached[n] === 0;
  return {
    mask: values.map((value, n) => (isHole(value, n) ? (label ?? 1) : value)),
    voxels: values.reduce((count, value, n) => count + (isHole(value, n) ? 1 : 0), 0),
  };
}

/** Each voxel's component, numbered from 1 in C order of their first voxels, and their sizes by number. */
function components(mask: ReferenceMask): { componentOf: Int32Array; sizes: number[] } {
  const isForeground = isLooked(mask);
  const componentOf = new Int32Array(mask.values.length);
  const sizes = [0];
  mask.values.forEach((value, start) => {
    if (!isForeground(value) || componentOf[start] !== 0) return;
    sizes.push(flood(mask, start, componentOf, sizes.length, isForeground));
  });
  return { componentOf, sizes };
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
