import { abortError } from '#errors';

/**
 * Runs `work` and yields what it tells, one item at a time: `tell` resolves when the reader has come for
 * it, so that work is never far ahead of a slow reader. When the signal fires `tell` rejects: a reader that
 * leaves may never come again, not even to end the generator, so nothing may hang on its end.
 */
export async function* whileWorking<Item>(
  work: (tell: (item: Item) => Promise<void>) => Promise<void>,
  signal: AbortSignal,
): AsyncGenerator<Item, void> {
  const waiting: { item: Item; taken: () => void; left: (error: unknown) => void }[] = [];
  let wake = () => {};
  let settled = false;
  const working = work(
    (item) =>
      new Promise<void>((taken, left) => {
        if (signal.aborted) return left(abortError(signal));
        waiting.push({ item, taken, left });
        wake();
      }),
  );
  const settle = () => {
    settled = true;
    wake();
  };
  working.then(settle, settle);
  const leave = () => {
    for (const { left } of waiting) left(abortError(signal));
  };
  signal.addEventListener('abort', leave, { once: true });
  for (;;) {
    const next = waiting[0];
    if (next !== undefined) {
      yield next.item;
      waiting.shift();
      next.taken();
    } else if (settled) return await working;
    else {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
}
