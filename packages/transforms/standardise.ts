import { pointwise, type Tensor } from '#kernels';

/** Keeps a flat channel from being divided by 0; the value that the networks were trained with. */
const SMALLEST_DIVISOR = 1e-8;

/**
 * (x - mean) / (std + 1e-8) in place. Two passes, because a float32 mean far larger than the
 * deviation would leave nothing of x * factor + offset.
 */
export async function standardise(
  tensor: Tensor,
  { mean, std, keepZeros }: { mean: number; std: number; keepZeros: boolean },
  signal: AbortSignal | undefined,
): Promise<void> {
  const cancel = signal === undefined ? {} : { signal };
  const inPlace = { input: tensor, output: tensor, ...cancel };
  await pointwise({ ...inPlace, map: { kind: 'scale', factor: 1, offset: -mean, keepZeros } });
  const factor = 1 / (std + SMALLEST_DIVISOR);
  await pointwise({ ...inPlace, map: { kind: 'scale', factor, offset: 0, keepZeros } });
}
