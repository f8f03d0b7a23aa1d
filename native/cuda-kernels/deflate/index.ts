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

/** A piece of an inflated stream. */
export interface InflatedPiece {
  readonly bytes: Uint8Array;
  /** There is more to be had before the next piece of the stream is given. */
  readonly hasMore: boolean;
  /** The stream may end here. */
  readonly isWhole: boolean;
  /** How many bytes so far follow the last member and begin none. */
  readonly bytesBehind: number;
}

type InflaterHandle = { readonly inflaterHandle: unique symbol };

interface NativeDeflate {
  createInflater(): InflaterHandle;
  inflate(
    options: { inflater: InflaterHandle; input?: Uint8Array } & JobArguments,
  ): Promise<InflatedPiece>;
  hasIsal(): boolean;
  deflateBlock(
    options: { input: Uint8Array; level: number } & JobArguments,
  ): Promise<DeflatedBlock>;
}

/** Whether `deflateBlock` and `Inflater` can be used: ISA-L was there at the build and is here now. */
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

/** Inflates a gzip stream (RFC 1952) of one or more members with ISA-L, on the addon's threads. */
export class Inflater {
  readonly #inflater = native<NativeDeflate>().createInflater();

  /**
   * The next inflated bytes, 1 MiB at most. `input` is the stream's next piece, of at most 16 MiB, copied when
   * the call is made; without it, more of the last one.
   *
   * @throws SextantError VOLUME_CORRUPT for what is no valid stream or has another checksum
   */
  async next(input?: Uint8Array): Promise<InflatedPiece> {
    const inflater = this.#inflater;
    return await runJob(undefined, (job) =>
      native<NativeDeflate>().inflate({
        inflater,
        ...(input === undefined ? {} : { input }),
        ...job,
      }),
    );
  }
}
