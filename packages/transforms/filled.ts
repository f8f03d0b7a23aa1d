import type { Tensor } from '#kernels';

/** New memory once `fill` has written it; when that fails or is cancelled, the memory is given up. */
export async function filled(
  memory: Tensor,
  fill: (memory: Tensor) => Promise<void>,
): Promise<Tensor> {
  try {
    await fill(memory);
    return memory;
  } catch (error) {
    memory.dispose();
    throw error;
  }
}
