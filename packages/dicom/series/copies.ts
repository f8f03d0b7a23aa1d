import { SextantError } from '#errors';
import type { Warning } from '#volume';
import type { FrameRequest } from '../frame-request.ts';
import type { DicomWorkers } from '../workers/index.ts';
import type { Slice } from './slice.ts';
import type { Stack } from './stack.ts';

/** A slice that is kept, and one that says of itself that it is the same. */
export type Copy = readonly [kept: Slice, copy: Slice];

/** What an object says of itself. Who makes images anonymous may give one UID to all of a series. */
function identityOf({ instance, frame, tile, about }: Slice): string {
  const { temporalPosition, temporalOffsetSeconds, triggerTimeMs, bValue, bDirectionLps } = about;
  return JSON.stringify([
    [instance.sopInstanceUid, instance.instanceNumber, frame, tile],
    [temporalPosition, temporalOffsetSeconds, triggerTimeMs, bValue, bDirectionLps],
  ]);
}

/** The same object under two names is one: the copy goes, when its voxels turn out to be the same. */
export function withoutCopies(stack: Stack): { stack: Stack; copies: Copy[]; changes: Warning[] } {
  const copies: Copy[] = [];
  const places = stack.places.map((place) => {
    if (place.length === 1) return place;
    const seen = new Map<string, Slice>();
    return place.filter((slice) => {
      const identity = identityOf(slice);
      const kept = seen.get(identity);
      if (kept === undefined || slice.instance.sopInstanceUid === '') {
        seen.set(identity, slice);
        return true;
      }
      copies.push([kept, slice]);
      return false;
    });
  });
  if (copies.length === 0) return { stack, copies, changes: [] };
  const names = [...new Set(copies.map(([, { instance }]) => instance.name))];
  const shown = names.slice(0, 10).join(', ');
  const message = `${copies.length} slices were copies of others and left out: ${shown}`;
  return {
    stack: { ...stack, places },
    copies,
    changes: [{ reason: 'DUPLICATES_DROPPED', message }],
  };
}

/**
 * Reads what was left out as copies beside what was kept.
 *
 * @throws SextantError VOLUME_CORRUPT for one that differs; as DicomWorkers.decode
 */
export async function assertCopiesEqual(
  copies: readonly Copy[],
  { workers, signal }: { workers: DicomWorkers; signal?: AbortSignal | undefined },
): Promise<void> {
  const ofFrames = copies.filter(([kept], n) => !isSameFrame(kept, copies[n - 1]?.[0]));
  for (const [kept, copy] of ofFrames) {
    const frames = await workers.decode([requestOf(kept), requestOf(copy)], signal);
    const half = frames.bytes.length / 2;
    const isSame =
      Buffer.compare(frames.bytes.subarray(0, half), frames.bytes.subarray(half)) === 0;
    workers.release(frames);
    if (!isSame) throw differs(kept, copy);
  }
}

/** The tiles of a mosaic are one frame. */
function isSameFrame(slice: Slice, other: Slice | undefined): boolean {
  return slice.instance === other?.instance && slice.frame === other.frame;
}

function requestOf({ instance, frame }: Slice): FrameRequest {
  const { path, name, pixels: layout, location } = instance;
  return { path, name, layout, location, frames: [frame], rescale: undefined };
}

function differs({ instance: kept }: Slice, { instance: copy }: Slice): SextantError {
  return new SextantError('VOLUME_CORRUPT', {
    subject: copy.name,
    got: `other voxels than ${kept.name} has, with the same SOPInstanceUID (0008,0018)`,
    expected: 'files that say they are one object to be one',
    remedy: 'find out which of the two is right, and take the other one away',
  });
}
