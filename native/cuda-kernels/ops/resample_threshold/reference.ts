import { type ReferenceOptions, resampleReference } from '../resample/reference.ts';

export interface ThresholdReferenceOptions
  extends Pick<ReferenceOptions, 'input' | 'shape' | 'outputToInput'> {
  readonly atLeast: number;
  /** The output before, C order. */
  readonly before: ArrayLike<number>;
}

/** The slow twin of resampleThreshold(): the output in C order, and the box of what was set. */
export function resampleThresholdReference(options: ThresholdReferenceOptions): {
  output: Uint8Array;
  low: number[];
  high: number[];
} {
  const { input, shape, outputToInput, atLeast, before } = options;
  const values = resampleReference({
    input,
    shape,
    outputToInput,
    interpolation: 'linear',
    scale: { slope: 1, intercept: 0 },
    fill: Number.NaN,
  });
  const output = Uint8Array.from(before);
  const low = [0, 0, 0];
  const high = [0, 0, 0];
  values.forEach((value, n) => {
    if (!(value >= atLeast)) return;
    output[n] = 1;
    const [, ny, nz] = shape;
    const index = [Math.floor(n / (ny * nz)), Math.floor(n / nz) % ny, n % nz];
    index.forEach((at, axis) => {
      low[axis] = high[axis] === 0 ? at : Math.min(low[axis] ?? 0, at);
      high[axis] = Math.max(high[axis] ?? 0, at + 1);
    });
  });
  return { output, low, high };
}
