import { check } from '../lib/check.ts';
import { type JobArguments, runJob } from '../lib/job.ts';
import { native } from '../lib/native.ts';

export interface DeflateBlockOptions {
  /** At most 16 MiB; copied when the call is made. */
  readonly input: Uint8Array;
  /** ISA-L's: 1 (fastest) to 3. */
  readonly level: 1 | 2 | 3;
  readonly signal?: AbortSignal | undefined;
}

export interface DeflatedBlock {
  /** DEFLATE (RFC 1951) that needs nothing before it and ends at a whole byte, with more to follow. */
  readonly bytes: Uint8Array;
  /** CRC-32 of the input. */
  readonly crc: number;
}

/**
 * What one job takes: a thread is not held up for longer than some ten milliseconds.
 * @internal
 */
const LARGEST_BLOCK_BYTES = 16 * 2 ** 20;

interface NativeDeflate {
  hasIsal(): boolean;
  deflateBlock(
    options: { input: Uint8Array; level: number } & JobArguments,
  ): Promise<DeflatedBlock>;
}

/** Whether `deflateBlock` can be called: ISA-L was there at the build and is here now. */
export function hasFastDeflate(): boolean {
  return native<NativeDeflate>().hasIsal();
}

/**
 * Compresses a block with ISA-L on one of the addon's threads; blocks laid end to end are one stream.
 *
 * @throws SextantError ARGUMENT_INVALID, ENGINE_UNAVAILABLE without ISA-L, CANCELLED
 */
export async function deflateBlock(options: DeflateBlockOptions): Promise<DeflatedBlock> {
  const { input, level, signal } = options;
  check([1, 2, 3].includes(level), 'level', level, '1, 2 or 3');
  const bytes = input.length;
  check(bytes <= LARGEST_BLOCK_BYTES, 'input', `${bytes} bytes`, 'at most 16 MiB');
  return await runJob(signal, (job) =>
    native<NativeDeflate>().deflateBlock({ input, level, ...job }),
  );
}
