/** The values that are shown black and white. */
export interface GreyWindow {
  readonly black: number;
  readonly white: number;
}

/** Samples enough for a percentile that the eye cannot tell from the exact one. */
const SAMPLES = 1 << 16;

/** How far the greys go beyond what is annotated, in shares of its own width, on each side. */
const BEYOND = 0.5;

/**
 * The window for what is annotated: the 5th to 95th percentile of the finite values there, and half
 * as much on each side for what lies around it, as far as the pictures have such values. Where
 * nothing is annotated, or that has one value, the 1st to 99th percentile of the pictures.
 *
 * @param near the values in and around the mask, in parts
 * @param all the values of whole pictures, in parts
 */
export function greyWindow(
  near: readonly Float32Array[],
  all: readonly Float32Array[],
): GreyWindow {
  const whole = sortedSample(all);
  const [least, most] = [percentile(whole, 0), percentile(whole, 100)];
  const annotated = sortedSample(near);
  const [low, high] = [percentile(annotated, 5), percentile(annotated, 95)];
  if (high > low) {
    const beyond = (high - low) * BEYOND;
    return { black: Math.max(least, low - beyond), white: Math.min(most, high + beyond) };
  }
  const [black, white] = [percentile(whole, 1), percentile(whole, 99)];
  if (white > black) return { black, white };
  // Nearly everything is one value, in a mask for instance: from least to greatest then.
  return most > least ? { black: least, white: most } : { black: least, white: least + 1 };
}

function sortedSample(parts: readonly Float32Array[]): Float32Array {
  const count = parts.reduce((sum, { length }) => sum + length, 0);
  const step = Math.max(1, Math.floor(count / SAMPLES));
  const sampled = parts.flatMap((part) => [
    ...part.filter((value, at) => at % step === 0 && Number.isFinite(value)),
  ]);
  return Float32Array.from(sampled).sort();
}

function percentile(sorted: Float32Array, percent: number): number {
  return sorted[Math.round(((sorted.length - 1) * percent) / 100)] ?? 0;
}

/** A value's grey, 0 to 255; what is not a number is black. */
export function greyOf(value: number, { black, white }: GreyWindow): number {
  const share = (value - black) / (white - black);
  return Math.round(255 * Math.min(1, Math.max(0, Number.isNaN(share) ? 0 : share)));
}
