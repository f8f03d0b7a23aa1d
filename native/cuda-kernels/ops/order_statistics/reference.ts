/**
 * The slow twin: sort, then interpolate between the two neighbouring order statistics as
 * numpy.percentile does (method 'linear', with numpy's switch of ends at the middle, which keeps
 * the result monotonic).
 */
export function referencePercentiles(
  values: ArrayLike<number>,
  percents: readonly number[],
): number[] {
  const sorted = Float64Array.from(values).sort();
  return percents.map((percent) => {
    const position = (percent / 100) * (sorted.length - 1);
    const below = Math.floor(position);
    const a = sorted[below] ?? NaN;
    const b = sorted[Math.min(below + 1, sorted.length - 1)] ?? NaN;
    return interpolate(a, b, position - below);
  });
}

function interpolate(a: number, b: number, t: number): number {
  if (a === b) return a + 0;
  return t >= 0.5 ? b - (b - a) * (1 - t) : a + (b - a) * t;
}
