import { abortError } from '#errors';
import { type CancellationHandle, native } from './native.ts';
import { toSextantError } from './native-error.ts';

/** What every native operation accepts beside its own members. */
export interface JobArguments {
  readonly cancellation?: CancellationHandle;
}

/**
 * Starts a native operation and waits for it. When the signal fires before a thread has taken it up, it
 * never begins and the promise rejects at once; else the operation stops at its next tile, and the
 * promise rejects when nothing of it runs any more. `start` gets the members to spread into the operation's arguments.
 *
 * @example
 * await runJob(signal, (job) => native<Doubling>().double({ input: nativeTensor(input), ...job }));
 * @throws SextantError CANCELLED or DEADLINE_EXCEEDED, or what the operation reports.
 */
export async function runJob<T>(
  signal: AbortSignal | undefined,
  start: (job: JobArguments) => Promise<T>,
): Promise<T> {
  if (signal === undefined) return translated(start({}), undefined);
  if (signal.aborted) throw abortError(signal);
  const core = native();
  const cancellation = core.createCancellation();
  const cancel = () => core.cancel(cancellation);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await translated(start({ cancellation }), signal);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

async function translated<T>(job: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  try {
    return await job;
  } catch (failure) {
    const error = toSextantError(failure);
    throw error.reason === 'CANCELLED' && signal?.aborted ? abortError(signal) : error;
  }
}
