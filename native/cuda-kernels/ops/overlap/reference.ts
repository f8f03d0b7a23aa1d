/** The slow twin of overlap(): its counts by label, found set by set. */
export function overlapReference(prediction: ArrayLike<number>, reference: ArrayLike<number>) {
  const pairs = Array.from(prediction, (value, n) => [value, reference[n] ?? -1] as const);
  const labels = [...new Set(pairs.flat())].filter((label) => label > 0).sort((a, b) => a - b);
  const count = (holds: (pair: readonly [number, number]) => boolean) => pairs.filter(holds).length;
  return {
    labels,
    prediction: labels.map((label) => count(([p]) => p === label)),
    reference: labels.map((label) => count(([, r]) => r === label)),
    shared: labels.map((label) => count(([p, r]) => p === label && r === label)),
  };
}
