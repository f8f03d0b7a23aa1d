import { access } from 'node:fs/promises';
import {
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
    const load = async (own: AbortSignal) => {
      await access(path).catch((cause) => {
        throw notResident(cause);
      });
      return this.#decode({ path }, key, own);
    };
    return this.#cache.lease(nameOf(key), load, signal);
  }

  /** Decodes a volume that is sent, and keeps it for the call that follows. */
  async load(
    key: VolumeKey,
    stream: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<void> {
    const load = (own: AbortSignal) => this.#decode({ stream }, key, own);
    const lease = await this.#cache.lease(nameOf(key), load, signal);
    lease.release();
  }

  async #decode(
    source: NiftiSource,
    { frame }: VolumeKey,
    signal: AbortSignal,
  ): Promise<PreparedVolume> {
    const volumeLimitBytes = this.#volumeLimitBytes;
    const options = { volumeLimitBytes, signal, ...(frame === undefined ? {} : { frame }) };
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
