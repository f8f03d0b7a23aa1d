import type { PixelLayout } from '../instance.ts';

/**
 * Leaves of every stored sample only what BitsStored and HighBit say (PS3.5 section 8.1.1): overlays and
 * garbage beside them are masked, the sign is extended from HighBit. In place.
 */
export function keepStoredBits(samples: Uint8Array, layout: PixelLayout): void {
  const { bitsAllocated, bitsStored, highBit, isSigned, sampleKind } = layout;
  if (sampleKind !== 'integer' || bitsAllocated === 1) return;
  const width = bitsAllocated === 12 ? 16 : bitsAllocated;
  if (bitsStored === width) return;
  const up = width - 1 - highBit;
  const down = width - bitsStored;
  const { buffer, byteOffset, byteLength } = samples;
  if (width === 8) {
    shift(isSigned ? new Int8Array(buffer, byteOffset, byteLength) : samples, up + 24, down + 24);
  } else if (width === 16) {
    const count = byteLength / 2;
    if (!isSigned && highBit === bitsStored - 1) {
      mask16(new Uint16Array(buffer, byteOffset, count), (1 << bitsStored) - 1);
    } else if (isSigned) {
      shift(new Int16Array(buffer, byteOffset, count), up + 16, down + 16);
    } else {
      shiftUnsigned(new Uint16Array(buffer, byteOffset, count), up + 16, down + 16);
    }
  } else if (isSigned) {
    shift(new Int32Array(buffer, byteOffset, byteLength / 4), up, down);
  } else {
    shiftUnsigned(new Uint32Array(buffer, byteOffset, byteLength / 4), up, down);
  }
}

/** Two at a time where they lie so: this pass is as long as the reading of the file. */
function mask16(samples: Uint16Array, mask: number): void {
  const { buffer, byteOffset, length } = samples;
  const start = byteOffset % 4 === 0 ? 0 : 1;
  const pairs = new Uint32Array(buffer, byteOffset + 2 * start, (length - start) >>> 1);
  const both = mask | (mask << 16);
  for (let n = 0; n < pairs.length; n++) pairs[n] = (pairs[n] as number) & both;
  if (start === 1) samples[0] = (samples[0] as number) & mask;
  const last = length - 1;
  samples[last] = (samples[last] as number) & mask;
}

function shift(
  samples: Int8Array | Int16Array | Int32Array | Uint8Array,
  up: number,
  down: number,
) {
  if (samples instanceof Uint8Array) {
    for (let n = 0; n < samples.length; n++) samples[n] = ((samples[n] as number) << up) >>> down;
    return;
  }
  for (let n = 0; n < samples.length; n++) samples[n] = ((samples[n] as number) << up) >> down;
}

function shiftUnsigned(samples: Uint16Array | Uint32Array, up: number, down: number): void {
  for (let n = 0; n < samples.length; n++) samples[n] = ((samples[n] as number) << up) >>> down;
}
