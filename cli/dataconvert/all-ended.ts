/**
 * Runs works together and gives their results. When one fails the others are aborted, and the first error is
 * thrown when all have ended: nothing of them runs on behind the caller's back.
 */
export async function allEnded<T>(
  works: readonly ((signal: AbortSignal) => Promise<T>)[],
  signal: AbortSignal,
): Promise<T[]> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const ended = await Promise.allSettled(
    works.map(async (work) => {
      try {
        return await work(either);
      } catch (error) {
        if (!failed.signal.aborted) failed.abort(error);
        throw error;
      }
    }),
  );
  if (failed.signal.aborted) throw failed.signal.reason;
  return ended.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}
