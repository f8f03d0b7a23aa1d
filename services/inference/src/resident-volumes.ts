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
    return this.#cache.lease(nameOf(key), load, signal);
  }

  /** Decodes a volume that is sent, and keeps it for the call that follows. */
  async load(
    key: VolumeKey,
    stream: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<void> {
    const load: LoadVolume = (own, reserve) =>
      this.#decode({ stream }, key, { signal: own, reserve });
    const lease = await this.#cache.lease(nameOf(key), load, signal);
    lease.release();
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
