import type { Tensor } from '#kernels';
import { isScalar, type Volume } from '#volume';

/** The shape of a volume's tensor over another three axes. */
export function shapeOver(volume: Volume, grid: readonly [number, number, number]): number[] {
  const components = isScalar(volume.dtype) ? [] : [volume.voxels.shape[0] as number];
  return [...components, ...grid, ...(volume.frames > 1 ? [volume.frames] : [])];
}

/** The same 3D part of two tensors of a volume's shape. */
export interface Part {
  readonly from: Tensor;
  readonly to: Tensor;
}

/** Calls `work` with every component of every frame, as 3D views. */
export async function eachPart(
  volume: Volume,
  output: Tensor,
  work: (part: Part) => Promise<void>,
): Promise<void> {
  const components = isScalar(volume.dtype) ? 1 : (volume.voxels.shape[0] as number);
  for (let frame = 0; frame < volume.frames; frame++) {
    for (let component = 0; component < components; component++) {
      const from = partOf(volume.voxels, volume, { frame, component });
      const to = partOf(output, volume, { frame, component });
      try {
        await work({ from, to });
      } finally {
        from.dispose();
        to.dispose();
      }
    }
  }
}

function partOf(
  tensor: Tensor,
  { frames, dtype }: Volume,
  { frame, component }: { frame: number; component: number },
): Tensor {
  const last = tensor.shape.length - 1;
  const ofFrame =
    frames > 1 ? tensor.select(last, frame) : tensor.slice(last, 0, tensor.shape[last] ?? 0);
  if (isScalar(dtype)) return ofFrame;
  const ofComponent = ofFrame.select(0, component);
  ofFrame.dispose();
  return ofComponent;
}
