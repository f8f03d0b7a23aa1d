import { philox4x32 } from '../../lib/philox.ts';
import type { IndexedMap } from './index.ts';

/** The slow twin: element number n of a tensor of `shape`, in float64; the caller's array rounds it. */
export function referenceIndexedMap(
  map: IndexedMap,
  x: number,
  { n, shape }: { n: number; shape: readonly number[] },
): number {
  if (map.kind === 'noise') {
    const { key, counter } = map.stream;
    const [a, b] = philox4x32([Math.floor(n / 2) >>> 0, ...counter], key);
    const radius = Math.sqrt(-2 * Math.log(1 - (a >>> 8) / 2 ** 24));
    const angle = 2 * Math.PI * ((b >>> 8) / 2 ** 24);
    return x + map.std * radius * (n % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
  }
  const [nx = 1, ny = 1, nz = 1] = shape.slice(-3);
  const place = [Math.floor(n / (ny * nz)) % nx, Math.floor(n / nz) % ny, n % nz];
  const [px = [], py = [], pz = []] = place.map((at, axis) => {
    const extent = [nx, ny, nz][axis] ?? 1;
    const u = extent > 1 ? -1 + (2 * at) / (extent - 1) : 0;
    return [1, u, (3 * u ** 2 - 1) / 2, (5 * u ** 3 - 3 * u) / 2];
  });
  let [sum, term] = [0, 0];
  for (const a of [0, 1, 2, 3]) {
    for (const b of [0, 1, 2, 3].filter((degree) => a + degree <= 3)) {
      for (const c of [0, 1, 2, 3].filter((degree) => a + b + degree <= 3)) {
        const value = (px[a] ?? 0) * (py[b] ?? 0) * (pz[c] ?? 0);
        sum += (map.coefficients[term++] ?? 0) * value;
      }
    }
  }
  return x * Math.exp(sum);
}
