import { getSystemErrorName } from 'node:util';
import { check } from '../lib/check.ts';
import { type JobArguments, runJob } from '../lib/job.ts';
import { type NativeTensor, native } from '../lib/native.ts';
import { nativeTensor, type Tensor } from '../lib/tensor.ts';

/** How a sample is stored (DICOM PS3.5 section 8.1.1). Of floats all bits are stored. */
export interface StoredSample {
  readonly sampleBytes: 1 | 2 | 4 | 8;
  readonly isSigned: boolean;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly isBigEndian: boolean;
}

export interface ReadSamplesOptions extends StoredSample {
  /** Where the samples of each frame lie; `name` is what the user calls the file. */
  readonly stretches: readonly {
    readonly path: string;
    readonly name: string;
    readonly offset: number;
  }[];
  /** Bytes of every stretch. */
  readonly bytesEach: number;
  /** uint8, one dense axis; the stretches come end to end from its beginning. */
  readonly output: Tensor;
  readonly signal?: AbortSignal | undefined;
}

export interface ReserveFileOptions {
  /** Of a file that is open for writing. */
  readonly descriptor: number;
  readonly bytes: number;
}

interface NativeSamples {
  reserveFile(options: ReserveFileOptions & JobArguments): Promise<number>;
  readSamples(
    options: Omit<ReadSamplesOptions, 'output' | 'signal'> & {
      output: NativeTensor;
    } & JobArguments,
  ): Promise<void>;
}

/**
 * Reads samples that are not compressed, on one of the addon's threads: to little endian, of every one only
 * its stored bits, the sign extended from the highest of them.
 *
 * @throws SextantError FILE_UNREADABLE, VOLUME_CORRUPT where a file ends early (their subjects name the
 *   file), ARGUMENT_INVALID, TENSOR_DISPOSED, CANCELLED
 */
export async function readSamples({ output, signal, ...what }: ReadSamplesOptions): Promise<void> {
  const needed = what.stretches.length * what.bytesEach;
  check(output.byteLength >= needed, 'output', `${output.byteLength} bytes`, `${needed} bytes`);
  await runJob(signal, (job) =>
    native<NativeSamples>().readSamples({ ...what, output: nativeTensor(output), ...job }),
  );
}

/**
 * Has the file system set room for a file aside, which is then as long: a disk that is full shows before anything is
 * written, and writing is quicker. Where the file system makes no promises, nothing happens.
 *
 * @throws an error with `code` (ENOSPC, EDQUOT, EFBIG) where there is no room
 */
export async function reserveFile(options: ReserveFileOptions): Promise<void> {
  const number = await runJob(undefined, (job) =>
    native<NativeSamples>().reserveFile({ ...options, ...job }),
  );
  if (number === 0) return;
  const code = getSystemErrorName(-number);
  throw Object.assign(new Error(code), { code, errno: -number });
}
