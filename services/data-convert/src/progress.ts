import type { ConvertResponse } from '#proto/sextant/v1/conversion';
import { PROGRESS_MS } from './limits.ts';
import { progressMessage } from './messages.ts';

/** The stages of a conversion, as ConvertProgress names them. */
export type Stage = 'RECEIVE' | 'READ' | 'CONVERT' | 'WRITE';

/** Tells how far a stage is: the first time, and then at most every `PROGRESS_MS`. */
export function progressOf(
  stage: Stage,
  tell: (response: ConvertResponse) => Promise<void>,
): (done: number, total: number) => Promise<void> {
  let toldMs = Number.NEGATIVE_INFINITY;
  return async (done, total) => {
    const nowMs = performance.now();
    if (nowMs - toldMs < PROGRESS_MS) return;
    toldMs = nowMs;
    await tell(progressMessage(stage, done, total));
  };
}
