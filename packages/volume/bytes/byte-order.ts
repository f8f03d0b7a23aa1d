import { endianness } from 'node:os';

export type ByteOrder = 'little' | 'big';

export const HOST_ORDER: ByteOrder = endianness() === 'LE' ? 'little' : 'big';

/**
 * Turns the bytes of each number round in place.
 * @param bytes whole numbers of `width` bytes (1, 2, 4 or 8)
 */
export function swapBytes(bytes: Uint8Array, width: number): void {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (width === 2) view.swap16();
  else if (width === 4) view.swap32();
  else if (width === 8) view.swap64();
}
