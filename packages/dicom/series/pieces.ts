import { unlessAborted } from '#errors';
import type { DecodedFrames, FrameRequest } from '../frame-request.ts';
import { BYTES_OF } from '../pixels/sample-type.ts';
import type { DicomWorkers } from '../workers/index.ts';
import { assertCopiesEqual } from './copies.ts';
import type { VolumePlan } from './plan.ts';
import type { Slice } from './slice.ts';
import { tilesOut } from './tiles.ts';

export interface PiecesOptions {
  readonly workers: DicomWorkers;
  readonly signal?: AbortSignal | undefined;
  /** Hears how many of the volume's slices are done. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** What one message asks of a worker: enough that the message itself does not count. */
const BATCH_BYTES = 2 * 2 ** 20;

/**
 * A volume's voxels in the order of its file, first axis fastest, decoded ahead by the workers. A piece
 * is valid until the next one is asked for: its memory is used again.
 *
 * @throws SextantError VOLUME_CORRUPT for a copy that is none; as DicomWorkers.decode
 */
export async function* piecesOf(
  plan: VolumePlan,
  { workers, signal, onProgress }: PiecesOptions,
): AsyncGenerator<Uint8Array, void> {
  await assertCopiesEqual(plan.copies, { workers, signal });
  const batches = batchesOf(plan);
  const running: { batch: Batch; decoded: Promise<DecodedFrames> }[] = [];
  let done = 0;
  const start = () => {
    const batch = batches.next();
    if (batch.done) return;
    const decoded = workers.decode(batch.value.requests, signal);
    // It is heard where it is awaited, which may be after another has failed.
    decoded.catch(() => undefined);
    running.push({ batch: batch.value, decoded });
  };
  // One for each worker, and one that is waited for; more memory than that has V8 collect its garbage.
  for (let n = 0; n <= workers.count; n++) start();
  for (let next = running.shift(); next !== undefined; next = running.shift()) {
    const { batch, decoded } = next;
    const frames = await unlessAborted(decoded, signal);
    start();
    const bytes = batch.tiles === undefined ? frames.bytes : tilesOut(frames.bytes, batch.tiles);
    yield plan.storeAs === undefined ? bytes : wholeNumbers(bytes, plan.storeAs);
    workers.release(frames);
    done += batch.slices;
    onProgress?.(done);
  }
}

interface Batch {
  readonly requests: readonly FrameRequest[];
  readonly slices: number;
  /** The slices of a mosaic, to be taken out of the decoded plane. */
  readonly tiles?: readonly Slice[] | undefined;
}

function* batchesOf(plan: VolumePlan): Generator<Batch> {
  const perBatch = Math.max(1, Math.floor(BATCH_BYTES / sliceBytesOf(plan)));
  const { slices } = plan;
  for (let at = 0; at < slices.length; ) {
    const first = slices[at] as Slice;
    const tiles = first.tile === undefined ? undefined : tilesOfOne(slices, at);
    const batch = tiles ?? slices.slice(at, at + perBatch);
    yield { requests: requestsOf(batch, plan), slices: batch.length, tiles };
    at += batch.length;
  }
}

/** Bytes of one slice of the volume. */
export function sliceBytesOf({ shape, type, rescale, storeAs }: VolumePlan): number {
  const dtype = storeAs ?? (rescale === undefined ? 'float32' : type.dtype);
  const bytes = BYTES_OF[dtype] ?? 1;
  return shape[0] * shape[1] * type.components * bytes;
}

/** Values that are whole already, as integers. */
function wholeNumbers(values: Uint8Array, dtype: 'int16' | 'int32'): Uint8Array {
  const floats = new Float32Array(values.buffer, values.byteOffset, values.byteLength / 4);
  const whole = dtype === 'int16' ? Int16Array.from(floats) : Int32Array.from(floats);
  return new Uint8Array(whole.buffer);
}

function tilesOfOne(slices: readonly Slice[], at: number): Slice[] {
  const { instance } = slices[at] as Slice;
  const end = slices.findIndex((slice, n) => n > at && slice.instance !== instance);
  return slices.slice(at, end === -1 ? slices.length : end);
}

/** One request for each run of slices of one file. */
function requestsOf(slices: readonly Slice[], plan: VolumePlan): FrameRequest[] {
  const runs: Slice[][] = [];
  for (const slice of slices) {
    const run = runs.at(-1);
    const isSame = run?.[0]?.instance === slice.instance;
    // The tiles of a mosaic are one frame.
    if (isSame && slice.tile === undefined) run?.push(slice);
    else if (!isSame) runs.push([slice]);
  }
  return runs.map((run) => {
    const { path, name, pixels: layout, location } = (run[0] as Slice).instance;
    const frames = run.map(({ frame }) => frame);
    const rescale = plan.rescale === undefined ? run.map(({ about }) => about.rescale) : undefined;
    return { path, name, layout, location, frames, rescale };
  });
}
