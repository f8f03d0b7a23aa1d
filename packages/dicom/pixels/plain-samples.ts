import type { StoredSample } from '#kernels';
import type { PixelLayout, PixelLocation } from '../instance.ts';
import { TRANSFER_SYNTAXES } from './transfer-syntaxes.ts';

/** One sample a pixel, whole bytes, no palette: the file's bytes are the answer but for order and bits. */
export function isPlain({ samplesPerPixel, bitsAllocated, photometric }: PixelLayout): boolean {
  return samplesPerPixel === 1 && bitsAllocated % 8 === 0 && photometric !== 'PALETTE COLOR';
}

/** How the samples of a plain layout are stored in a file where they lie as they are; undefined for others. */
export function storedSampleOf(
  layout: PixelLayout,
  location: PixelLocation,
): StoredSample | undefined {
  if (location.kind !== 'native' || location.deflatedDataSetAt !== undefined) return undefined;
  if (!isPlain(layout)) return undefined;
  const { bitsAllocated, bitsStored, highBit, isSigned, sampleKind } = layout;
  const isBigEndian = TRANSFER_SYNTAXES[layout.transferSyntaxUid]?.isBigEndian === true;
  const sampleBytes = bitsAllocated / 8;
  if (!isWidth(sampleBytes)) return undefined;
  // Their bytes have changed places within words (PS3.5 section 8.1.1).
  if (isBigEndian && location.isInWords && sampleBytes === 1) return undefined;
  if (sampleKind === 'integer') return { sampleBytes, isSigned, bitsStored, highBit, isBigEndian };
  const bits = { bitsStored: bitsAllocated, highBit: bitsAllocated - 1 };
  return { sampleBytes, isSigned: false, ...bits, isBigEndian };
}

function isWidth(bytes: number): bytes is StoredSample['sampleBytes'] {
  return [1, 2, 4, 8].includes(bytes);
}
