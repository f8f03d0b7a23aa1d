/** Samples enough for a percentile that the eye cannot tell from the exact one. */
const SAMPLES = 1 << 16;

/** The values shown black and white: the 1st and 99th percentile of the finite ones. */
export function greyWindow(values: Float32Array): { black: number; white: number } {
  const step = Math.max(1, Math.floor(values.length / SAMPLES));
  const sample = values.filter((value, at) => at % step === 0 && Number.isFinite(value)).sort();
  if (sample.length === 0) return { black: 0, white: 1 };
  const at = (percent: number) =>
    sample[Math.round(((sample.length - 1) * percent) / 100)] ?? Number.NaN;
  const black = at(1);
  const white = at(99);
  return white > black ? { black, white } : spread(sample);
}

/** Nearly everything is one value, a mask for instance: from least to greatest then. */
function spread(sorted: Float32Array): { black: number; white: number } {
  const black = sorted[0] ?? 0;
  const last = sorted[sorted.length - 1] ?? black;
  return { black, white: last > black ? last : black + 1 };
}

/** A value's grey, 0 to 255; what is not a number is black. */
export function greyOf(value: number, { black, white }: { black: number; white: number }): number {
  const share = (value - black) / (white - black);
  return Math.round(255 * Math.min(1, Math.max(0, Number.isNaN(share) ? 0 : share)));
}
