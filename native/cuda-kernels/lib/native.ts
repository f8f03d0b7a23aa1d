import { createRequire } from 'node:module';
import { SextantError } from '#errors';

/** An opaque handle on a block of native memory. */
export type StorageHandle = { readonly storageHandle: unique symbol };
/** An opaque handle on a cancellation flag. */
export type CancellationHandle = { readonly cancellationHandle: unique symbol };

/** A tensor as C++ reads it (addon/arguments.hpp): element offset and strides, dtype by code. */
export interface NativeTensor {
  readonly storage: StorageHandle;
  readonly offset: number;
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

export interface NativeDevices {
  readonly cpu: { readonly variant: 'baseline' | 'avx2' | 'avx512'; readonly threads: number };
  readonly cuda: { readonly available: boolean; readonly reason?: string };
}

/** What addon/ exports. An operation declares its own function beside its index.ts. */
export interface NativeCore {
  createStorage(bytes: number): StorageHandle;
  releaseStorage(storage: StorageHandle): void;
  storageBuffer(storage: StorageHandle): ArrayBuffer;
  tensorBytes(): number;
  createCancellation(): CancellationHandle;
  cancel(cancellation: CancellationHandle): void;
  devices(): NativeDevices;
  targets(): Target[];
  forceTarget(options: { target?: Target; threads?: number }): void;
}

/** Which compilation of the operations runs. */
export type Target = 'baseline' | 'avx2' | 'avx512' | 'emulated' | 'cuda';

// By name, not by a path relative to this file: bundled, this code lies in dist/.
const ADDON = '@sextant/cuda-kernels/addon';
const requireAddon = createRequire(import.meta.url);

let loaded: NativeCore | undefined;

/**
 * The addon, loaded at the first call. `T` declares the functions of the operation that asks.
 *
 * @throws SextantError ADDON_MISSING when it has not been built, or was built for another system.
 */
export function native<T extends object = object>(): NativeCore & T {
  loaded ??= load();
  return loaded as NativeCore & T;
}

function load(): NativeCore {
  try {
    return requireAddon(ADDON) as NativeCore;
  } catch (cause) {
    throw new SextantError('ADDON_MISSING', {
      subject: 'the native addon',
      got: cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause),
      expected: 'a sextant_kernels.node built for this system',
      remedy: 'build it: node scripts/build-addon.mjs',
      cause,
    });
  }
}
