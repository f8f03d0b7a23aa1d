import { unlessAborted } from '#errors';

/**
 * The items of `source`, ended by the signal's error as soon as it fires, even while the source
 * waits for its next item.
 */
export async function* untilAborted<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const step = await unlessAborted(iterator.next(), signal);
      if (step.done) return;
      yield step.value;
    }
  } finally {
    // Not awaited: a source that waits for its next item ends only when its connection does.
    iterator.return?.()?.catch(() => undefined);
  }
}
