import { abortError } from '#errors';
import type { Stage, StageTime } from './annotation.ts';

/** Times the stages of one click, tells each as it begins, and starts none after a cancellation. */
export class StageClock {
  readonly times: StageTime[] = [];
  private readonly onStage: ((stage: Stage) => void) | undefined;
  private readonly signal: AbortSignal | undefined;

  constructor(onStage: ((stage: Stage) => void) | undefined, signal: AbortSignal | undefined) {
    this.onStage = onStage;
    this.signal = signal;
  }

  async time<T>(stage: Stage, work: () => Promise<T>): Promise<T> {
    if (this.signal?.aborted) throw abortError(this.signal);
    this.onStage?.(stage);
    const started = performance.now();
    const result = await work();
    this.times.push({ stage, ms: performance.now() - started });
    return result;
  }
}
