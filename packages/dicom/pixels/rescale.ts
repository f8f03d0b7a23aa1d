import type { SampleType } from '../frame-request.ts';
import type { Rescale } from '../instance.ts';

type Samples =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** Modality values of one frame's stored samples (PS3.3 C.11.1): computed in float64, kept as float32. */
export function rescaled(
  samples: Uint8Array,
  type: SampleType,
  { slope, intercept, lut }: Rescale,
  values: Float32Array,
): void {
  const stored = viewOf(samples, type);
  if (lut === undefined) {
    for (let n = 0; n < values.length; n++) values[n] = (stored[n] as number) * slope + intercept;
    return;
  }
  const last = lut.values.length - 1;
  for (let n = 0; n < values.length; n++) {
    const entry = Math.max(0, Math.min(last, (stored[n] as number) - lut.firstMapped));
    values[n] = lut.values[entry] as number;
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array, { dtype }: SampleType): Samples {
  switch (dtype) {
    case 'int8':
      return new Int8Array(buffer, byteOffset, byteLength);
    case 'uint16':
      return new Uint16Array(buffer, byteOffset, byteLength / 2);
    case 'int16':
      return new Int16Array(buffer, byteOffset, byteLength / 2);
    case 'uint32':
      return new Uint32Array(buffer, byteOffset, byteLength / 4);
    case 'int32':
      return new Int32Array(buffer, byteOffset, byteLength / 4);
    case 'float32':
      return new Float32Array(buffer, byteOffset, byteLength / 4);
    case 'float64':
      return new Float64Array(buffer, byteOffset, byteLength / 8);
    default:
      return new Uint8Array(buffer, byteOffset, byteLength);
  }
}
