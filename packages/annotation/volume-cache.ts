import { abortError, SextantError, unlessAborted } from '#errors';
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
  /** Reserved while it is decoded, then what it takes. */
  bytes: number;
  /** Calls that wait for the volume or have it leased. */
  users: number;
}

/**
 * Decodes a volume. It says with `reserve` how many bytes it is going to take before it takes them,
 * and passes on what that throws.
 */
export type LoadVolume = (
  signal: AbortSignal,
  reserve: (bytes: number) => void,
) => Promise<PreparedVolume>;

/** Until clicks and decodings that hold the memory have had time to end. */
const RETRY_AFTER_MS = 2000;

/**
 * Decoded volumes by key, bounded in bytes. What nobody has leased goes when room is needed, the
 * least recently used first; a volume is decoded once, however many ask for it at the same time.
 * One that does not fit beside those in use is refused before it is decoded; only a volume that is
 * larger than the bound is taken beyond it, when nothing else is in use.
 *
 * @example
 * using lease = await cache.lease(
 *   digest,
 *   (signal, reserve) => decode(path, { signal, reserve }),
 *   call.signal,
 * );
 * await annotate({ volume: lease.volume, … });
 */
export class VolumeCache {
  /** In order of use, the least recent first. */
  private readonly entries = new Map<string, Entry>();
  /** Nobody waits for them any more, and their memory is not back yet. */
  private readonly ending = new Set<Entry>();
  private readonly limitBytes: number;
  private disposed = false;

  constructor({ limitBytes }: { limitBytes: number }) {
    this.limitBytes = limitBytes;
  }

  /** Bytes of all volumes that are decoded or being decoded. */
  get residentBytes(): number {
    return [...this.entries.values(), ...this.ending].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Whether a volume is decoded, or being decoded. */
  has(key: string): boolean {
    return this.entries.has(key);
  }

  /**
   * The volume of `key`, decoded by `load` unless it is resident. `load` gets a signal of the
   * cache's own: one caller that gives up does not take the volume from the others.
   *
   * @throws SextantError CANCELLED, LIMIT_EXCEEDED (no room beside the volumes in use), and what
   *   `load` throws
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
      // Begun a turn later, when the entry has its place and can reserve.
      loading: Promise.resolve().then(() =>
        load(abandon.signal, (bytes) => this.reserve(entry, bytes)),
      ),
      abandon,
      volume: undefined,
      bytes: 0,
      users: 0,
    };
    entry.loading.then(
      (volume) => {
        entry.volume = volume;
        entry.bytes = volume.voxels.byteLength;
        // Everybody gave up, but too late to stop the decoding.
        if (this.ending.delete(entry)) volume.dispose();
        this.evict();
      },
      () => {
        this.ending.delete(entry);
        if (this.entries.get(key) === entry) this.entries.delete(key);
      },
    );
    return entry;
  }

  private reserve(entry: Entry, bytes: number): void {
    entry.bytes = bytes;
    this.evict();
    const others = this.residentBytes - bytes;
    if (others === 0 || others + bytes <= this.limitBytes) return;
    entry.bytes = 0;
    throw new SextantError('LIMIT_EXCEEDED', {
      subject: 'volume cache',
      got: `${bytes} bytes more beside ${others} in use`,
      expected: `at most ${this.limitBytes} bytes of volumes in use at a time`,
      remedy: 'try again in a moment, or raise --cache-limit',
      retryAfterMs: RETRY_AFTER_MS,
    });
  }

  private leave(key: string, entry: Entry): void {
    entry.users -= 1;
    if (entry.users === 0 && entry.volume === undefined) {
      if (this.entries.get(key) === entry) {
        this.entries.delete(key);
        this.ending.add(entry);
      }
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

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    action();
  };
}
