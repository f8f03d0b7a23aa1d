/** How far a kernel reaches on either side: the deviation times `truncate`, to the nearest voxel. */
export const gaussianRadius = (sigma: number, truncate: number): number =>
  Math.floor(truncate * sigma + 0.5);

/**
 * The sampled Gaussian of a standard deviation in voxels, cut off at `truncate` deviations and scaled to
 * the sum 1. From the centre outwards: element j stands for both voxels j away. [] for a deviation of 0.
 *
 * @example
 * gaussianWeights(1, 1); // [0.4519, 0.2741]
 */
export function gaussianWeights(sigma: number, truncate: number): number[] {
  if (sigma === 0) return [];
  const length = gaussianRadius(sigma, truncate) + 1;
  const heights = Array.from({ length }, (_, j) => Math.exp((-0.5 * j * j) / (sigma * sigma)));
  const sum = heights.reduceRight((total, height, j) => total + (j === 0 ? height : 2 * height), 0);
  return heights.map((height) => height / sum);
}
