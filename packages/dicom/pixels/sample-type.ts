import type { Dtype } from '#kernels';
import type { SampleType } from '../frame-request.ts';
import type { PixelLayout } from '../instance.ts';

/** What one decoded component is, from the layout alone: as wide as it is allocated. */
export function sampleTypeOf(layout: PixelLayout): SampleType {
  const { samplesPerPixel, photometric } = layout;
  if (photometric === 'PALETTE COLOR') return { dtype: 'uint8', components: 3 };
  return { dtype: dtypeOf(layout), components: samplesPerPixel === 1 ? 1 : 3 };
}

function dtypeOf({ sampleKind, bitsAllocated, isSigned }: PixelLayout): Dtype {
  if (sampleKind === 'float') return 'float32';
  if (sampleKind === 'double') return 'float64';
  const bits = bitsAllocated === 1 ? 8 : bitsAllocated === 12 ? 16 : bitsAllocated;
  return `${isSigned && bitsAllocated > 1 ? 'int' : 'uint'}${bits}` as Dtype;
}

export const BYTES_OF: Readonly<Partial<Record<Dtype, number>>> = {
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  float32: 4,
  float64: 8,
};

/** Bytes of one decoded frame. */
export function frameBytesOf(layout: PixelLayout): number {
  const { dtype, components } = sampleTypeOf(layout);
  return layout.rows * layout.columns * components * (BYTES_OF[dtype] ?? 1);
}
