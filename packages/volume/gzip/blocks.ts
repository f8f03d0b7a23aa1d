import { promisify } from 'node:util';
import { constants, deflateRaw } from 'node:zlib';
import { deflateBlock, hasFastDeflate } from '#kernels';
import { crc32 } from './crc32.ts';

/** Compresses one block of a stream; blocks laid end to end are DEFLATE with more to follow. */
export type CompressBlock = (block: Uint8Array, signal?: AbortSignal) => Promise<CompressedBlock>;

export interface CompressedBlock {
  readonly bytes: Uint8Array;
  readonly crc: number;
}

export type Backend = 'isal' | 'zlib';

/** Up to this level ISA-L has levels of its own; smaller files are zlib's. */
const HIGHEST_ISAL_LEVEL = 3;

/** ISA-L where it is and knows the level, else zlib on the threads that Node.js has for it. */
export function backendFor(level: number): Backend {
  return level <= HIGHEST_ISAL_LEVEL && hasFastDeflate() ? 'isal' : 'zlib';
}

export function compressorOf(backend: Backend, level: number): CompressBlock {
  if (backend === 'zlib') return zlibBlock(level);
  const own = Math.min(level, HIGHEST_ISAL_LEVEL) as 1 | 2 | 3;
  return (input, signal) => deflateBlock({ input, level: own, signal });
}

const deflated = promisify<Uint8Array, object, Buffer>(deflateRaw);

/** A full flush: nothing of a block refers to the one before, so that all can be made at once. */
function zlibBlock(level: number): CompressBlock {
  return async (block) => {
    const bytes = await deflated(block, { level, finishFlush: constants.Z_FULL_FLUSH });
    return { bytes, crc: crc32(block) };
  };
}
