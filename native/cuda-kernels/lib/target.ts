import { type NativeDevices, native, type Target } from './native.ts';
import { toSextantError } from './native-error.ts';

/** What the operations run on here. */
export function devices(): NativeDevices {
  return native().devices();
}

/** Bytes of native memory that tensors of this process hold, those that running operations hold included. */
export function tensorBytes(): number {
  return native().tensorBytes();
}

/** Every compilation of the operations that this machine can run, narrowest first. For tests. */
export function availableTargets(): readonly Target[] {
  return native().targets();
}

/**
 * Makes the operations that are started from now on, in this thread of JavaScript, run one compilation
 * and so many threads instead of the best and all. For tests and benches; `{}` undoes it.
 *
 * @throws SextantError ARGUMENT_INVALID for a target that this machine cannot run.
 */
export function forceTarget(options: { target?: Target; threads?: number }): void {
  try {
    native().forceTarget(options);
  } catch (failure) {
    throw toSextantError(failure);
  }
}
