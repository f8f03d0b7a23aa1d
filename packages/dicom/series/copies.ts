import { SextantError } from '#errors';
import type { Warning } from '#volume';
import type { Instance } from '../instance.ts';
import type { DicomWorkers } from '../workers/index.ts';
import { grouped } from './grouped.ts';
import type { Slice } from './slice.ts';
import type { Stack } from './stack.ts';

/** A slice that is kept, and one that says of itself that it is the same. */
export type Copy = readonly [kept: Slice, copy: Slice];

/** What an object says of itself. Who makes images anonymous may give one UID to all of a series. */
function identityOf({ instance, frame, tile, about }: Slice): string {
  const { temporalPosition, temporalOffsetSeconds, triggerTimeMs, bValue, bDirectionLps } = about;
  const { slope, intercept } = about.rescale;
  return JSON.stringify([
    [instance.sopInstanceUid, instance.instanceNumber, instance.acquisitionNumber, frame, tile],
    [temporalPosition, temporalOffsetSeconds, triggerTimeMs, bValue, bDirectionLps],
    [slope, intercept, instance.pixels.photometric, about.pixelSpacingMm],
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

/** Frames that are decoded together; what is kept of them is a digest. */
const FRAMES_AT_ONCE = 16;

/**
 * Reads what was left out as copies beside what was kept, file by file.
 *
 * @throws SextantError VOLUME_CORRUPT for one that differs; as DicomWorkers.decode
 */
export async function assertCopiesEqual(
  copies: readonly Copy[],
  reading: { workers: DicomWorkers; signal?: AbortSignal | undefined },
): Promise<void> {
  const files = grouped(
    copies,
    ([kept, { instance }]) => `${kept.instance.path}\0${instance.path}`,
  );
  for (const pairs of files.values()) {
    const [[kept, copy]] = pairs as [Copy];
    // The tiles of a mosaic are one frame.
    const frames = [...new Set(pairs.map(([{ frame }]) => frame))];
    const digest = await digestOf(kept.instance, frames, reading);
    if ((await digestOf(copy.instance, frames, reading)) !== digest) throw differs(kept, copy);
  }
}

/** Of a file's frames, which are read in one go: a deflated one is inflated once. */
async function digestOf(
  { path, name, pixels: layout, location }: Instance,
  frames: readonly number[],
  { workers, signal }: { workers: DicomWorkers; signal?: AbortSignal | undefined },
): Promise<string> {
  // Loaded when it is needed: a command's start is a part of its time.
  const { createHash } = await import('node:crypto');
  const hash = createHash('sha256');
  for (let at = 0; at < frames.length; at += FRAMES_AT_ONCE) {
    const some = frames.slice(at, at + FRAMES_AT_ONCE);
    const request = { path, name, layout, location, frames: some, rescale: undefined };
    const decoded = await workers.decode([request], signal);
    hash.update(decoded.bytes);
    workers.release(decoded);
  }
  return hash.digest('hex');
}

function differs({ instance: kept }: Slice, { instance: copy }: Slice): SextantError {
  return new SextantError('VOLUME_CORRUPT', {
    subject: copy.name,
    got: `other voxels than ${kept.name} has, with the same SOPInstanceUID (0008,0018)`,
    expected: 'files that say they are one object to be one',
    remedy: 'find out which of the two is right, and take the other one away',
  });
}
