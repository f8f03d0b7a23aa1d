import type { PointwiseMap } from './index.ts';

/** The slow twin: one element through one map, in float64; the caller's array rounds it. */
export function referencePointwise(map: PointwiseMap, x: number): number {
  switch (map.kind) {
    case 'scale': {
      if (map.keepZeros === true && x === 0) return 0;
      const y = x * map.factor + map.offset;
      return map.clip === undefined ? y : clip(y, map.clip[0], map.clip[1]);
    }
    case 'standardise':
      return map.keepZeros === true && x === 0 ? 0 : (x - map.mean) / (map.std || 1);
    case 'clip':
      return clip(x, map.low, map.high);
    case 'threshold':
      return x >= map.atLeast ? 1 : 0;
    case 'finite':
      if (Number.isNaN(x) || x === -Infinity) return map.low;
      return x === Infinity ? map.high : x;
    case 'gamma': {
      const range = map.high - map.low;
      return map.low + range * clip((x - map.low) / range, 0, 1) ** map.exponent;
    }
    case 'lookup':
      return Number.isInteger(x) && x >= 0 && x <= 255 ? (map.table[x] ?? 0) : 0;
  }
}

/** NaN stays NaN. */
function clip(x: number, low: number, high: number): number {
  return Math.min(Math.max(x, low), high);
}
