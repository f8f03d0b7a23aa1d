import { abortError } from '#errors';
import type { PreparedVolume } from './prepare-volume.ts';

/** A volume in use. It stays resident until `release`, which may be called twice. */
export interface VolumeLease {
  readonly volume: PreparedVolume;
  release(): void;
  [Symbol.dispose](): void;
}

interface Entry {
  readonly loading: Promise<PreparedVolume>;
  /** Ends the decoding when nobody waits for it any more. */
  readonly abandon: AbortController;
  volume: PreparedVolume | undefined;
  bytes: number;
  /** Calls that wait for the volume or have it leased. */
  users: number;
}

export type LoadVolume = (signal: AbortSignal) => Promise<PreparedVolume>;

/**
 * Decoded volumes by key, bounded in bytes. What nobody has leased goes when room is needed, the
 * least recently used first; a volume is decoded once, however many ask for it at the same time.
 *
 * @example
 * using lease = await cache.lease(digest, (signal) => decode(path, signal), call.signal);
 * await annotate({ volume: lease.volume, … });
 */
export class VolumeCache {
  /** In order of use, the least recent first. */
  private readonly entries = new Map<string, Entry>();
  private readonly limitBytes: number;
  private disposed = false;

  constructor({ limitBytes }: { limitBytes: number }) {
    this.limitBytes = limitBytes;
  }

  /** Bytes of all decoded volumes; above the limit only while leases hold them. */
  get residentBytes(): number {
    return [...this.entries.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Whether a volume is decoded, or being decoded. */
  has(key: string): boolean {
    return this.entries.has(key);
  }

  /**
   * The volume of `key`, decoded by `load` unless it is resident. `load` gets a signal of the
   * cache's own: one caller that gives up does not take the volume from the others.
   */
  async lease(key: string, load: LoadVolume, signal?: AbortSignal): Promise<VolumeLease> {
    if (signal?.aborted) throw abortError(signal);
    const entry = this.entries.get(key) ?? this.begin(key, load);
    this.entries.delete(key);
    this.entries.set(key, entry);
    entry.users += 1;
    try {
      const volume = await unlessAborted(entry.loading, signal);
      const release = once(() => this.leave(key, entry));
      return { volume, release, [Symbol.dispose]: release };
    } catch (error) {
      this.leave(key, entry);
      throw error;
    }
  }

  /** Disposes what is not leased now, and the rest when it is released. */
  dispose(): void {
    this.disposed = true;
    this.evict();
  }

  private begin(key: string, load: LoadVolume): Entry {
    const abandon = new AbortController();
    const entry: Entry = {
      loading: load(abandon.signal),
      abandon,
      volume: undefined,
      bytes: 0,
      users: 0,
    };
    entry.loading.then(
      (volume) => {
        entry.volume = volume;
        entry.bytes = bytesOf(volume);
        // Everybody gave up, but too late to stop the decoding.
        if (this.entries.get(key) !== entry) volume.dispose();
        this.evict();
      },
      () => {
        if (this.entries.get(key) === entry) this.entries.delete(key);
      },
    );
    return entry;
  }

  private leave(key: string, entry: Entry): void {
    entry.users -= 1;
    if (entry.users === 0 && entry.volume === undefined) {
      if (this.entries.get(key) === entry) this.entries.delete(key);
      entry.abandon.abort();
    }
    this.evict();
  }

  private evict(): void {
    let bytes = this.residentBytes;
    const limit = this.disposed ? -1 : this.limitBytes;
    for (const [key, entry] of this.entries) {
      if (bytes <= limit) return;
      if (entry.users > 0 || entry.volume === undefined) continue;
      this.entries.delete(key);
      entry.volume.dispose();
      bytes -= entry.bytes;
    }
  }
}

function bytesOf({ voxels }: PreparedVolume): number {
  const count = voxels.shape.reduce((product, n) => product * n, 1);
  return count * BYTES[voxels.dtype];
}

const BYTES = {
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  uint64: 8,
  int64: 8,
  float32: 4,
  float64: 8,
} as const;

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    action();
  };
}

/** `promise`, or the rejection of a signal that fires first. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(abortError(signal));
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
