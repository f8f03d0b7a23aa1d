export type { Backend } from './blocks.ts';
export { crc32 } from './crc32.ts';
export { gunzip, isGzip, LARGEST_EXPANSION } from './gunzip.ts';
export { type GzipOptions, gzip } from './gzip.ts';
export { type GzipPiecesOptions, gzipPieces } from './gzip-pieces.ts';
export { inflateZlib } from './inflate.ts';
export { LARGEST_TRAILER_BYTES } from './limits.ts';
