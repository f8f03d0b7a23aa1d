import { abortError } from '#errors';
import type { QueuePlace } from '#models';
import type { OnStage, Stage, StageTime } from './annotation.ts';

/** Times the stages of one click, tells each as it begins, and starts none after a cancellation. */
export class StageClock {
  readonly times: StageTime[] = [];
  private readonly onStage: OnStage | undefined;
  private readonly signal: AbortSignal | undefined;

  constructor(onStage: OnStage | undefined, signal: AbortSignal | undefined) {
    this.onStage = onStage;
    this.signal = signal;
  }

  /** `place` is where in the queue the caller begins, for the stage that is one. */
  async time<T>(stage: Stage, work: () => Promise<T>, place?: QueuePlace): Promise<T> {
    if (this.signal?.aborted) throw abortError(this.signal);
    this.tell(stage, place);
    const started = performance.now();
    const result = await work();
    this.times.push({ stage, ms: performance.now() - started });
    return result;
  }

  tell(stage: Stage, place?: QueuePlace): void {
    this.onStage?.(stage, place);
  }
}
