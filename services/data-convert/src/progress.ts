import type { ConvertResponse } from '#proto/sextant/v1/conversion';
import { PROGRESS_MS } from './limits.ts';
import { progressMessage } from './messages.ts';

/** The stages of a conversion, as ConvertProgress names them. */
export type Stage = 'RECEIVE' | 'READ' | 'CONVERT';

/**
 * Tells how far a stage is: the first time, then at most every `PROGRESS_MS`, and always its end. Nothing
 * waits for that: a reader that has gone is told of by the work itself.
 */
export function progressOf(
  stage: Stage,
  tell: (response: ConvertResponse) => Promise<void>,
): (done: number, total: number) => void {
  let toldMs = Number.NEGATIVE_INFINITY;
  let isEnded = false;
  return (done, total) => {
    const isEnd = done === total && total > 0;
    const nowMs = performance.now();
    if (isEnded || (!isEnd && nowMs - toldMs < PROGRESS_MS)) return;
    toldMs = nowMs;
    isEnded = isEnd;
    tell(progressMessage(stage, done, total)).catch(() => undefined);
  };
}
