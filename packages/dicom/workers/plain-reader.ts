import { isDeepStrictEqual } from 'node:util';
import { readSamples, type StoredSample, Tensor } from '#kernels';
import type { DecodedFrames, FrameRequest } from '../frame-request.ts';
import { storedSampleOf } from '../pixels/plain-samples.ts';
import { frameBytesOf, sampleTypeOf } from '../pixels/sample-type.ts';

/**
 * Answers' memory that is kept for the next ones.
 * @internal
 */
const MOST_SPARE_TENSORS = 8;

/** Requests of one sample type whose samples no decoder touches, and how each one's are stored. */
export interface PlainRequests {
  readonly requests: readonly FrameRequest[];
  readonly samples: readonly StoredSample[];
}

/** The requests with how their samples are stored, when all of them are stored values as they lie in the file. */
export function plainRequests(requests: readonly FrameRequest[]): PlainRequests | undefined {
  const samples = requests.map(({ layout, location, rescale }) =>
    rescale === undefined ? storedSampleOf(layout, location) : undefined,
  );
  return samples.every((one) => one !== undefined) ? { requests, samples } : undefined;
}

/** Memory of the addon, and how it is seen here: each view that is made counts as memory for V8. */
interface Memory {
  readonly tensor: Tensor;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Reads plain samples by the addon's threads: no worker of JavaScript is started for them. */
export class PlainReader {
  readonly #spare: Memory[] = [];
  // Weakly: who fails in between gives nothing back.
  readonly #given = new WeakMap<DecodedFrames, Memory>();

  /** @throws SextantError FILE_UNREADABLE, VOLUME_CORRUPT, LIMIT_EXCEEDED, CANCELLED */
  async read({ requests, samples }: PlainRequests, signal?: AbortSignal): Promise<DecodedFrames> {
    const [first] = requests;
    if (first === undefined) throw new Error('no requests');
    const frameBytes = frameBytesOf(first.layout);
    const frames = requests.reduce((sum, request) => sum + request.frames.length, 0);
    const memory = this.#memory(frames * frameBytes);
    try {
      let at = 0;
      for (const [from, to] of runsOfEqual(samples)) {
        const stretches = requests.slice(from, to).flatMap(stretchesOf);
        const bytes = stretches.length * frameBytes;
        using part = memory.tensor.slice(0, at, at + bytes);
        const stored = samples[from] as StoredSample;
        await readSamples({ ...stored, stretches, bytesEach: frameBytes, output: part, signal });
        at += bytes;
      }
    } catch (error) {
      memory.tensor.dispose();
      throw error;
    }
    const bytes = memory.bytes.subarray(0, frames * frameBytes);
    const decoded = { type: sampleTypeOf(first.layout), bytes };
    this.#given.set(decoded, memory);
    return decoded;
  }

  /** Takes memory back; false when it is not of this reader. */
  release(decoded: DecodedFrames): boolean {
    const memory = this.#given.get(decoded);
    if (memory === undefined) return false;
    this.#given.delete(decoded);
    if (this.#spare.length < MOST_SPARE_TENSORS) this.#spare.push(memory);
    else memory.tensor.dispose();
    return true;
  }

  close(): void {
    for (const { tensor } of this.#spare.splice(0)) tensor.dispose();
  }

  #memory(bytes: number): Memory {
    const fitting = this.#spare.findIndex(({ tensor }) => tensor.byteLength >= bytes);
    if (fitting !== -1) return this.#spare.splice(fitting, 1)[0] as Memory;
    const tensor = Tensor.empty('uint8', [bytes]);
    return { tensor, bytes: tensor.bytes() as Uint8Array<ArrayBuffer> };
  }
}

function stretchesOf({ path, name, layout, location, frames }: FrameRequest) {
  const start = location.kind === 'native' ? location.range[0] : 0;
  const bytes = frameBytesOf(layout);
  return frames.map((frame) => ({ path, name, offset: start + frame * bytes }));
}

/** Stretches of one list that are equal all along: [from, to). */
function* runsOfEqual(list: readonly unknown[]): Generator<[number, number]> {
  for (let from = 0; from < list.length; ) {
    let to = from + 1;
    while (to < list.length && isDeepStrictEqual(list[to], list[from])) to++;
    yield [from, to];
    from = to;
  }
}
