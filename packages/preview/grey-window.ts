/** The values that are shown black and white. */
export interface GreyWindow {
  readonly black: number;
  readonly white: number;
}

/** Samples enough for a percentile that the eye cannot tell from the exact one. */
const SAMPLES = 1 << 16;

/** The 1st and 99th percentile of all finite values. */
export function greyWindow(parts: readonly Float32Array[]): GreyWindow {
  const count = parts.reduce((sum, { length }) => sum + length, 0);
  const step = Math.max(1, Math.floor(count / SAMPLES));
  const sampled = parts.flatMap((part) => [
    ...part.filter((value, at) => at % step === 0 && Number.isFinite(value)),
  ]);
  const sorted = Float32Array.from(sampled).sort();
  const at = (percent: number) => sorted[Math.round(((sorted.length - 1) * percent) / 100)] ?? 0;
  if (at(99) > at(1)) return { black: at(1), white: at(99) };
  // Nearly everything is one value, in a mask for instance: from least to greatest then.
  return at(100) > at(0) ? { black: at(0), white: at(100) } : { black: at(0), white: at(0) + 1 };
}

/** A value's grey, 0 to 255; what is not a number is black. */
export function greyOf(value: number, { black, white }: GreyWindow): number {
  const share = (value - black) / (white - black);
  return Math.round(255 * Math.min(1, Math.max(0, Number.isNaN(share) ? 0 : share)));
}
