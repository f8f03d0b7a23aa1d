/** The polynomial of gzip (RFC 1952 section 8), its bits turned round. */
const POLYNOMIAL = 0xedb88320;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
  return crc >>> 0;
});

/** CRC-32 of bytes, or of a stretch that ends in them, from that of what lies `before` them. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let crc = ~before;
  for (let n = 0; n < bytes.length; n++) {
    crc = (TABLE[(crc ^ (bytes[n] as number)) & 0xff] as number) ^ (crc >>> 8);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/**
 * CRC-32 of two stretches laid end to end, from those of each: appending zero bytes is a linear map over
 * bits, whose powers are made by squaring.
 */
export function crc32Combine(first: number, second: number, secondBytes: number): number {
  let crc = first >>> 0;
  // One zero bit: shift, and the polynomial where a bit falls out.
  let map = Uint32Array.from({ length: 32 }, (_, bit) =>
    bit === 0 ? POLYNOMIAL : (1 << (bit - 1)) >>> 0,
  );
  // To one byte.
  for (let n = 0; n < 3; n++) map = squared(map);
  for (let left = secondBytes; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) crc = times(map, crc);
    map = squared(map);
  }
  return (crc ^ second) >>> 0;
}

function times(map: Uint32Array, vector: number): number {
  let product = 0;
  for (let bit = 0, left = vector; left !== 0; bit++, left >>>= 1) {
    if (left & 1) product ^= map[bit] as number;
  }
  return product >>> 0;
}

function squared(map: Uint32Array): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(map, (row) => times(map, row));
}
