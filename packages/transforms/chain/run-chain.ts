import { abortError } from '#errors';
import type { RunContext } from '../declaration.ts';
import type { Step } from './chain.ts';

/** Runs compiled steps one after the other on the fields of `context`. Rejects with `CANCELLED`. */
export async function runChain(
  steps: readonly Step[],
  context: RunContext,
  onStep?: (step: Step, index: number) => void,
): Promise<void> {
  for (const [index, step] of steps.entries()) {
    if (context.signal?.aborted) throw abortError(context.signal);
    onStep?.(step, index);
    await step.run({ ...context, step: index });
  }
}
