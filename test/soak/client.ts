import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { SextantError } from '#errors';
import type { UploadVolumeRequest } from '#proto/sextant/v1/volume';
import type { Random } from '../../packages/dicom/fuzz/random.ts';
import { type Clients, isPassing, openClients, tried } from './calls.ts';
import type { Image, Question } from './cases.ts';
import type { Tally } from './tally.ts';

/** Small chunks with pauses between them, so that kills fall into uploads. */
const CHUNK_BYTES = 16 * 1024;
const CHUNK_PAUSE_MS = 15;
/** One click in so many goes to a new image; one in so many is cancelled, or an upload is cut. */
const UPLOAD_EVERY = 12;
const CANCEL_EVERY = 15;
const CUT_EVERY = 4;
const CANCEL_WITHIN_MS = 300;

/** What the server has acknowledged to a client, and must know after any kill. */
export interface Acknowledged {
  readonly image: Image;
  readonly volumeId: string;
  readonly receipt: string;
  readonly sessionId: string;
}

export interface SoakClientOptions {
  readonly name: string;
  readonly address: string;
  readonly images: readonly Image[];
  readonly random: Random;
  readonly tally: Tally;
  /** Mean pause between two clicks. */
  readonly thinkMs: number;
}

/** A user who uploads images and clicks in them until told to stop. */
export class SoakClient {
  readonly #options: SoakClientOptions;
  readonly #clients: Clients;
  readonly #open: Acknowledged[] = [];
  #images = 0;

  constructor(options: SoakClientOptions) {
    this.#options = options;
    this.#clients = openClients(options.address);
  }

  /** Runs until the signal fires; a call that is running then is brought to its end. */
  async run(stop: AbortSignal): Promise<void> {
    const { random, tally, thinkMs, name } = this.#options;
    while (!stop.aborted) {
      try {
        const isNew = this.#open.length === 0 || random.below(UPLOAD_EVERY) === 0;
        const session = isNew ? await this.#newSession() : random.pick(this.#open);
        await this.#click(session, random.pick(session.image.questions));
      } catch (error) {
        tally.fail(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      }
      await delay(2 * thinkMs * random.next(), undefined, { signal: stop }).catch(() => {});
    }
  }

  /** Asks after everything that was acknowledged: nothing may be lost. Gives how much there was. */
  async verify(): Promise<number> {
    const { tally, name } = this.#options;
    for (const { sessionId, volumeId, receipt } of this.#open) {
      try {
        const { session } = await tried(tally, () =>
          this.#clients.sessions.getSession({ sessionId }),
        );
        if (session?.volumeId !== volumeId) tally.fail(`${name}: a session lost its volume`);
        await tried(tally, () => this.#clients.sessions.createSession({ receipt }));
      } catch (error) {
        tally.fail(`${name}: what was acknowledged is lost: ${error}`);
      }
    }
    return this.#open.length;
  }

  close(): void {
    this.#clients.close();
  }

  async #newSession(): Promise<Acknowledged> {
    const { images, random, tally, name } = this.#options;
    const image = random.pick(images);
    const bytes = image.bytes(`${name}, image ${this.#images++}`);
    const { volumeId, receipt } = await this.#upload(bytes);
    const digest = createHash('sha256').update(bytes).digest('hex');
    if (volumeId !== digest) tally.fail(`${name}: an upload has the digest of other bytes`);
    const { session } = await tried(tally, () => this.#clients.sessions.createSession({ receipt }));
    const acknowledged = { image, volumeId, receipt, sessionId: session?.sessionId ?? '' };
    this.#open.push(acknowledged);
    return acknowledged;
  }

  /** Sends the bytes, from where the server has them after every cut. */
  async #upload(bytes: Buffer): Promise<{ volumeId: string; receipt: string }> {
    const { tally, random } = this.#options;
    const { volumes } = this.#clients;
    const { uploadId } = await tried(tally, () =>
      volumes.createUpload({ sizeBytes: bytes.length }),
    );
    let durable = 0;
    let cut = random.below(CUT_EVERY) === 0;
    return await tried(tally, async () => {
      const { offsetBytes } = await volumes.getUpload({ uploadId });
      if (offsetBytes < durable)
        tally.fail(`an offset went back from ${durable} to ${offsetBytes}`);
      if (offsetBytes > 0) tally.resumed += 1;
      durable = offsetBytes;
      const own = new AbortController();
      const end = cut ? offsetBytes + random.below(bytes.length) : undefined;
      cut = false;
      const stream = this.#stream({ uploadId, bytes, offsetBytes, end, own });
      const answer = await volumes.uploadVolume(stream, { signal: own.signal });
      tally.uploads += 1;
      return answer;
    });
  }

  async *#stream({
    uploadId,
    bytes,
    offsetBytes,
    end = Number.POSITIVE_INFINITY,
    own,
  }: {
    uploadId: string;
    bytes: Buffer;
    offsetBytes: number;
    end: number | undefined;
    own: AbortController;
  }): AsyncGenerator<UploadVolumeRequest> {
    yield { part: { $case: 'header', value: { uploadId, offsetBytes } } };
    for (let at = offsetBytes; at < bytes.length; at += CHUNK_BYTES) {
      if (at > end) own.abort();
      yield { part: { $case: 'chunk', value: bytes.subarray(at, at + CHUNK_BYTES) } };
      await delay(CHUNK_PAUSE_MS);
    }
  }

  async #click(session: Acknowledged, question: Question): Promise<void> {
    const { random, tally, name } = this.#options;
    if (random.below(CANCEL_EVERY) === 0) return await this.#cancelled(session, question);
    const { mask, beganMs } = await tried(tally, async () => {
      const beganMs = performance.now();
      return { beganMs, mask: await this.#mask(session, question) };
    });
    if (!mask.equals(question.mask)) {
      tally.fail(`${name}: another mask than alone (${session.image.name}, ${question.model})`);
    }
    tally.answered(beganMs);
  }

  /** Begins a click and gives it up. It may be answered before, or meet a kill. */
  async #cancelled(session: Acknowledged, question: Question): Promise<void> {
    const { random, tally } = this.#options;
    const signal = AbortSignal.timeout(Math.ceil(CANCEL_WITHIN_MS * random.next()));
    try {
      await this.#mask(session, question, signal);
    } catch (error) {
      if (!isPassing(error)) throw error;
      tally.cancelled += 1;
    }
  }

  /** The mask of one call. Throws when the stream has no summary, which is for a cut one. */
  async #mask(
    { sessionId }: Acknowledged,
    { model, space, points, encoding }: Question,
    signal?: AbortSignal,
  ): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    let whole = false;
    const request = { sessionId, model, space, points: [...points], maskEncoding: encoding };
    for await (const { event } of this.#clients.annotations.annotate(request, {
      ...(signal && { signal }),
    })) {
      const told = event?.event;
      if (told?.$case === 'maskChunk') chunks.push(told.value.data);
      if (told?.$case === 'summary') whole = true;
    }
    if (whole) return Buffer.concat(chunks);
    throw new SextantError('CANCELLED', {
      subject: 'mask',
      got: 'a stream without a summary',
      expected: 'a summary',
    });
  }
}
