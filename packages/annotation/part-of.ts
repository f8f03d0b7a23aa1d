import type { Box } from '#geometry';
import type { Tensor } from '#kernels';

/** What a box of indices covers of a tensor of 3 axes: the same memory. Dispose it. */
export function partOf(tensor: Tensor, { low, high }: Box): Tensor {
  using x = tensor.slice(0, low[0], high[0]);
  using xy = x.slice(1, low[1], high[1]);
  return xy.slice(2, low[2], high[2]);
}
