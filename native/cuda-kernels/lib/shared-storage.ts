import { native, type StorageHandle } from './native.ts';
import { toSextantError } from './native-error.ts';

/** A native block that several tensors share: the last release frees it. */
export class SharedStorage {
  readonly handle: StorageHandle;
  #holders = 1;
  // One ArrayBuffer per block at a time: two over the same memory would be two backing stores.
  #buffer: WeakRef<ArrayBuffer> | undefined;

  private constructor(handle: StorageHandle) {
    this.handle = handle;
  }

  static zeroed(bytes: number): SharedStorage {
    try {
      return new SharedStorage(native().createStorage(bytes));
    } catch (failure) {
      throw toSextantError(failure);
    }
  }

  share(): this {
    this.#holders++;
    return this;
  }

  release(): void {
    this.#holders--;
    if (this.#holders === 0) native().releaseStorage(this.handle);
  }

  buffer(): ArrayBuffer {
    const known = this.#buffer?.deref();
    if (known !== undefined) return known;
    const made = native().storageBuffer(this.handle);
    this.#buffer = new WeakRef(made);
    return made;
  }
}
