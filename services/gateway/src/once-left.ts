import { setTimeout as delay } from 'node:timers/promises';
import { SextantError } from '#errors';
import { STORE_PATIENCE_MS, STORE_RETRY_MS } from './limits.ts';

/**
 * Opens the store, for which the gateway of a supervisor that was killed is waited for: it drains
 * for a moment before it lets the folder go. Throws what `open` throws, STORE_BUSY last of all.
 */
export async function onceLeft<T>(open: () => Promise<T>): Promise<T> {
  const untilMs = performance.now() + STORE_PATIENCE_MS;
  for (;;) {
    try {
      return await open();
    } catch (error) {
      const busy = error instanceof SextantError && error.reason === 'STORE_BUSY';
      if (!busy || performance.now() >= untilMs) throw error;
      await delay(STORE_RETRY_MS);
    }
  }
}
