import { abortError } from '#errors';
import type { Step } from './chain.ts';
import type { RunContext } from './declaration.ts';

/** Runs compiled steps one after the other on the fields of `context`. Rejects with `CANCELLED`. */
export async function runChain(steps: readonly Step[], context: RunContext): Promise<void> {
  for (const step of steps) {
    if (context.signal?.aborted) throw abortError(context.signal);
    await step.run(context);
  }
}
