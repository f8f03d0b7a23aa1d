import type { Statistics } from './index.ts';

/**
 * The slow twin: the definition of each figure, over the values in any order. The sums are
 * compensated (Neumaier), so that what it disagrees about is the fast one's rounding alone.
 */
export function referenceStatistics(values: Iterable<number>, skipZeros = false): Statistics {
  const finite: number[] = [];
  let nanCount = 0;
  let infCount = 0;
  for (const value of values) {
    if (Number.isNaN(value)) nanCount += 1;
    else if (!Number.isFinite(value)) infCount += 1;
    else if (!(skipZeros && value === 0)) finite.push(value);
  }
  const count = finite.length;
  if (count === 0) {
    return { count, mean: NaN, std: NaN, min: NaN, max: NaN, nanCount, infCount };
  }
  const mean = compensatedSum(finite) / count;
  const squares = finite.map((value) => (value - mean) ** 2);
  return {
    count,
    mean,
    std: Math.sqrt(compensatedSum(squares) / count),
    min: finite.reduce((a, b) => Math.min(a, b)),
    max: finite.reduce((a, b) => Math.max(a, b)),
    nanCount,
    infCount,
  };
}

function compensatedSum(values: readonly number[]): number {
  let sum = 0;
  let lost = 0;
  for (const value of values) {
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + lost;
}
