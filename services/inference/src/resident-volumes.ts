import { access } from 'node:fs/promises';
import {
  type LoadVolume,
  type PreparedVolume,
  prepareVolume,
  type VolumeCache,
  type VolumeLease,
} from '#annotation';
import { SextantError } from '#errors';
import { volumePathIn } from '#store';
import { type NiftiSource, readNifti } from '#volume/nifti';
import { DigestedStream } from './digested-stream.ts';

/** A stored volume, and for a 4D image which index of its fourth axis. */
export interface VolumeKey {
  readonly volumeId: string;
  readonly frame?: number | undefined;
}

/** Decoded volumes by the digest of their file: from the store's folder, or as they are sent. */
export class ResidentVolumes {
  readonly #cache: VolumeCache;
  readonly #directory: string;
  readonly #volumeLimitBytes: number;

  constructor(options: { cache: VolumeCache; directory: string; volumeLimitBytes: number }) {
    this.#cache = options.cache;
    this.#directory = options.directory;
    this.#volumeLimitBytes = options.volumeLimitBytes;
  }

  /** Throws VOLUME_NOT_RESIDENT when the folder has no such file: then it must be sent. */
  lease(key: VolumeKey, signal: AbortSignal): Promise<VolumeLease> {
    const path = volumePathIn(this.#directory, key.volumeId);
    const load: LoadVolume = async (own, reserve) => {
      await access(path).catch((cause) => {
        throw notResident(cause);
      });
      return this.#decode({ path }, key, { signal: own, reserve });
    };
    return this.#lease(key, load, signal);
  }

  /**
   * Decodes a volume that is sent, and keeps it for the call that follows. Throws
   * VOLUME_DIGEST_MISMATCH when the bytes are not those that the id names.
   */
  async load(
    key: VolumeKey,
    stream: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<void> {
    const load: LoadVolume = async (own, reserve) => {
      const sent = new DigestedStream(stream);
      const options = { signal: own, reserve };
      const volume = await this.#decode({ stream: sent.bytes() }, key, options);
      if ((await sent.digest()) === key.volumeId) return volume;
      volume.dispose();
      throw otherBytes();
    };
    const lease = await this.#lease(key, load, signal);
    lease.release();
  }

  /**
   * Calls for one volume share a load. When the one that it was begun for fails or is cancelled, its
   * failure is not that of the others: each tries again with what it has itself.
   */
  async #lease(key: VolumeKey, load: LoadVolume, signal: AbortSignal): Promise<VolumeLease> {
    for (;;) {
      let isOurs = false;
      const ours: LoadVolume = (own, reserve) => {
        isOurs = true;
        return load(own, reserve);
      };
      try {
        return await this.#cache.lease(nameOf(key), ours, signal);
      } catch (error) {
        if (isOurs || signal.aborted) throw error;
      }
    }
  }

  async #decode(
    source: NiftiSource,
    { frame }: VolumeKey,
    { signal, reserve }: { signal: AbortSignal; reserve: (bytes: number) => void },
  ): Promise<PreparedVolume> {
    const volumeLimitBytes = this.#volumeLimitBytes;
    const chosen = frame === undefined ? {} : { frame };
    const options = { volumeLimitBytes, reserve, signal, ...chosen };
    return prepareVolume(await readNifti(source, options), { signal });
  }
}

function nameOf({ volumeId, frame }: VolumeKey): string {
  return frame === undefined ? volumeId : `${volumeId}:${frame}`;
}

function notResident(cause: unknown): SextantError {
  return new SextantError('VOLUME_NOT_RESIDENT', {
    subject: 'volume_id',
    got: 'a volume that is not in the folder of --data',
    expected: 'one that is, or LoadVolume first',
    cause,
  });
}

function otherBytes(): SextantError {
  return new SextantError('VOLUME_DIGEST_MISMATCH', {
    subject: 'volume_id',
    got: 'bytes with another digest',
    expected: 'the bytes that volume_id is the SHA-256 of',
  });
}
