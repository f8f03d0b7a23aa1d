import { createHash } from 'node:crypto';
import { abortError, SextantError } from '#errors';
import { type UploadVolumeRequest, VolumeServiceDefinition } from '#proto/sextant/v1/volume';
import { createClient, type openChannel, rechunked } from '#rpc';
import { fileChanged, type ImageBytes } from './image-bytes.ts';
import { type Patience, withPatience } from './patience.ts';
import { transferProgress } from './transfer-progress.ts';
import type { Unfinished, UploadMemory } from './upload-memory.ts';
import { withWayOn } from './way-on.ts';

type Channel = ReturnType<typeof openChannel>;

/** An image that a server holds now. */
export interface Sent {
  readonly volumeId: string;
  /** Opens sessions on it. */
  readonly receipt: string;
  /** Bytes that went over the wire in this call, again ones counted again. */
  readonly sentBytes: number;
  /** The server held the whole file before. */
  readonly wasThere: boolean;
  /** What the server had of it from an earlier call. */
  readonly resumedBytes: number;
}

export interface SendOptions {
  readonly channel: Channel;
  readonly memory: UploadMemory;
  readonly signal: AbortSignal;
  /** Hears what is being done, often. */
  readonly show: (text: string) => void;
  readonly patience: Patience;
}

/**
 * Brings an image to a server: first proves to hold it, so that a server that holds it too need not
 * be sent it; otherwise sends what the server has not got yet. Goes on by itself after a cut, and
 * with what `memory` knows of an earlier call.
 *
 * @throws SextantError VOLUME_DIGEST_MISMATCH for a file that changes meanwhile; CANCELLED; what
 *   the server refuses with
 */
export async function sendImage(image: ImageBytes, options: SendOptions): Promise<Sent> {
  try {
    return await new Delivery(image, options).run();
  } catch (error) {
    const { memory, signal } = options;
    const isKept = memory.lasts && (await memory.recall()) !== undefined;
    const again = 'run the same command again';
    const lost = isKept ? `what has arrived is kept: ${again}` : again;
    throw withWayOn(error, { signal, lost, ...(isKept && { interrupted: lost }) });
  }
}

class Delivery {
  readonly #image: ImageBytes;
  readonly #options: SendOptions;
  readonly #volumes;
  #volumeId: string | undefined;
  #sentBytes = 0;
  #resumedBytes: number | undefined;
  #reachedBytes = 0;

  constructor(image: ImageBytes, options: SendOptions) {
    this.#image = image;
    this.#options = options;
    this.#volumes = createClient(VolumeServiceDefinition, options.channel);
  }

  run(): Promise<Sent> {
    return withPatience(this.#options.patience, async () => {
      try {
        return await this.#attempt();
      } catch (error) {
        const isUseless = isReason(error, 'VOLUME_DIGEST_MISMATCH', 'UPLOAD_UNKNOWN');
        if (isUseless) await this.#options.memory.forget();
        throw error;
      }
    });
  }

  async #attempt(): Promise<Sent> {
    const known = await this.#options.memory.recall();
    const offset = known === undefined ? undefined : await this.#durableOffset(known);
    const isNew = known === undefined || offset === undefined;
    const upload = isNew ? await this.#begin() : known;
    this.#volumeId = upload.volumeId;
    this.#resumedBytes ??= offset ?? 0;
    if (upload.nonce !== undefined) {
      const receipt = await this.#prove(upload, upload.nonce);
      if (receipt !== undefined) return await this.#done(receipt, { wasThere: true });
      await this.#options.memory.keep({ ...upload, nonce: undefined });
    }
    const receipt = await this.#send(upload, offset ?? 0);
    return await this.#done(receipt, { wasThere: false });
  }

  /** Undefined when the server no longer knows the upload. */
  async #durableOffset({ uploadId }: Unfinished): Promise<number | undefined> {
    const { signal, patience } = this.#options;
    try {
      const { offsetBytes } = await this.#volumes.getUpload({ uploadId }, { signal });
      if (offsetBytes > this.#reachedBytes) patience.renew();
      this.#reachedBytes = offsetBytes;
      return offsetBytes;
    } catch (error) {
      if (isReason(error, 'UPLOAD_UNKNOWN')) return undefined;
      throw error;
    }
  }

  async #begin(): Promise<Unfinished> {
    const { signal, memory, patience } = this.#options;
    const { sizeBytes } = this.#image;
    this.#volumeId ??= (await this.#digest('reading the image')).toString('hex');
    const volumeId = this.#volumeId;
    const { uploadId, nonce } = await this.#volumes.createUpload(
      { sizeBytes, volumeId },
      { signal },
    );
    patience.renew();
    // An older server gives none, and takes no proof.
    const asked = nonce.length === 0 ? undefined : Buffer.from(nonce).toString('hex');
    const upload = { uploadId, volumeId, nonce: asked };
    await memory.keep(upload);
    return upload;
  }

  /** The receipt, or undefined when the bytes have to be sent. */
  async #prove({ uploadId, volumeId }: Unfinished, nonce: string): Promise<string | undefined> {
    const { signal } = this.#options;
    const what = 'asking whether the server holds the image already';
    const proof = await this.#digest(what, Buffer.from(nonce, 'hex'));
    try {
      const request = { uploadId, volumeId, proof };
      return (await this.#volumes.proveVolume(request, { signal })).receipt;
    } catch (error) {
      if (isReason(error, 'POSSESSION_UNPROVEN')) return undefined;
      throw error;
    }
  }

  async #send({ uploadId }: Unfinished, offsetBytes: number): Promise<string> {
    const { signal, show } = this.#options;
    const { sizeBytes } = this.#image;
    const done = { totalBytes: sizeBytes, doneBytes: offsetBytes };
    const progress = transferProgress({ ...done, what: 'sending the image', show });
    const image = this.#image;
    const count = (bytes: number) => {
      this.#sentBytes += bytes;
      progress.moved(bytes);
    };
    async function* messages(): AsyncGenerator<UploadVolumeRequest> {
      yield { part: { $case: 'header', value: { uploadId, offsetBytes } } };
      for await (const chunk of rechunked(image.read(offsetBytes))) {
        yield { part: { $case: 'chunk', value: chunk } };
        count(chunk.length);
      }
      // Before the stream ends well, which is what makes a volume of the bytes.
      await image.assertUnchanged();
      show('waiting until the server has the image on its disk');
    }
    const { receipt, volumeId } = await this.#volumes
      .uploadVolume(messages(), { signal })
      .catch((error) => this.#whenRefused(error));
    if (volumeId !== this.#volumeId) throw fileChanged(image.path);
    this.#options.patience.renew();
    return receipt;
  }

  /** The server says that the bytes are not those that were announced: so the file has changed. */
  #whenRefused(error: unknown): never {
    if (isReason(error, 'VOLUME_DIGEST_MISMATCH')) throw fileChanged(this.#image.path, error);
    throw error;
  }

  async #done(receipt: string, { wasThere }: { wasThere: boolean }): Promise<Sent> {
    await this.#options.memory.forget();
    return {
      receipt,
      wasThere,
      volumeId: this.#volumeId ?? '',
      sentBytes: this.#sentBytes,
      resumedBytes: this.#resumedBytes ?? 0,
    };
  }

  /** SHA-256 of `prefix` and then the image's bytes. */
  async #digest(what: string, prefix: Uint8Array = new Uint8Array()): Promise<Buffer> {
    const { signal, show } = this.#options;
    const totalBytes = this.#image.sizeBytes;
    const progress = transferProgress({ totalBytes, doneBytes: 0, what, show });
    const hash = createHash('sha256').update(prefix);
    for await (const piece of this.#image.read(0)) {
      if (signal.aborted) throw abortError(signal);
      hash.update(piece);
      progress.moved(piece.length);
    }
    return hash.digest();
  }
}

function isReason(error: unknown, ...reasons: readonly SextantError['reason'][]): boolean {
  return error instanceof SextantError && reasons.includes(error.reason);
}
