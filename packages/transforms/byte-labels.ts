import { SextantError } from '#errors';
import { runLengths, statistics, type Tensor } from '#kernels';

/**
 * Throws where a channel [x, y, z] has labels that a byte cannot hold, as all that looks at single labels needs.
 * @throws SextantError ARGUMENT_INVALID with the field's name, CANCELLED
 */
export async function assertByteLabels(
  name: string,
  input: Tensor,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (input.dtype === 'uint8') return;
  const { count, min, max } = await statistics({ input, ...(signal && { signal }) });
  if (count === 0 || (min >= 0 && max <= 255)) return;
  throw new SextantError('ARGUMENT_INVALID', {
    subject: name,
    got: `labels from ${min} to ${max}`,
    expected: 'labels from 0 to 255',
    remedy: 'give the structures lower numbers first',
  });
}

/** The labels beside 0 of a uint8 tensor [x, y, z], in rising order. */
export async function labelsIn(
  labels: Tensor,
  signal: AbortSignal | undefined,
): Promise<readonly number[]> {
  // Runs go along the first axis, which of voxels in C order is the last.
  using mask = labels.permute([2, 1, 0]);
  const [nz = 0, ny = 0, nx = 0] = mask.shape;
  const grid = { boxLow: [0, 0, 0] as const, shape: [nz, ny, nx] as const };
  const pairs = await runLengths({ mask, ...grid, ...(signal && { signal }) });
  const there = new Set(pairs.filter((value, n) => n % 2 === 0 && value !== 0));
  return [...there].toSorted((a, b) => a - b);
}
