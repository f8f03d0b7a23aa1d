export { gunzip, isGzip, LARGEST_EXPANSION } from './gunzip.ts';
export { type GzipOptions, gzip } from './gzip.ts';
export { gzipPieces } from './gzip-pieces.ts';
