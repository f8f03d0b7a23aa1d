import { posix } from 'node:path';
import type { Instance } from '../instance.ts';
import { grouped } from './grouped.ts';
import type { Slice } from './slice.ts';
import { splitIntoVolumes } from './split.ts';
import { isRegular, spreadOf } from './stack.ts';

/**
 * Which instances of a series belong together when they lie in several folders, as a number from 0 on. Folders
 * with the same objects are copies of each other, and each makes volumes of its own. Folders with other
 * objects are parts of one series, which an export has spread; unless each of them is whole, and together they
 * are not: who makes images anonymous may give one UID to many people's series.
 */
export function clustersOf(slices: readonly Slice[]): (instance: Instance) => number {
  const clusters = new Map<string, number>();
  for (const [uid, series] of grouped(slices, ({ instance }) => instance.seriesUid)) {
    const folders = grouped(series, ({ instance }) => posix.dirname(instance.name));
    if (folders.size === 1) continue;
    const alike = [...grouped([...folders], ([, own]) => objectsOf(own)).values()];
    const parts = alike.map(([first]) => first?.[1] ?? []);
    const isOfMany = parts.length > 1 && parts.every(isWhole) && !isOneWhole(parts.flat());
    const copies = alike.reduce((least, { length }) => Math.min(least, length), folders.size);
    for (const [part, same] of alike.entries()) {
      for (const [n, [folder]] of same.entries()) {
        const copy = isOfMany ? n : Math.min(n, copies - 1);
        // No two people's copies have one number.
        clusters.set(keyOf(uid, folder), isOfMany ? copy * alike.length + part : copy);
      }
    }
  }
  return ({ seriesUid, name }) => clusters.get(keyOf(seriesUid, posix.dirname(name))) ?? 0;
}

function keyOf(uid: string, folder: string): string {
  return `${uid} ${folder}`;
}

/** Which objects a folder has, however its files are called. */
function objectsOf(slices: readonly Slice[]): string {
  return [...new Set(slices.map(objectOf))].sort().join('\n');
}

function objectOf({ instance: { sopInstanceUid, instanceNumber }, frame, tile }: Slice): string {
  return `${sopInstanceUid} ${instanceNumber} ${frame} ${tile}`;
}

/** Whether slices make volumes of which nothing is missing, as far as they tell. */
function isWhole(slices: readonly Slice[]): boolean {
  return splitIntoVolumes(slices, () => 0).every(
    ({ stack }) =>
      stack !== undefined &&
      stack.places.length > 1 &&
      isRegular(stack) &&
      spreadOf(stack).unevenMm === undefined,
  );
}

/** Whether they are so, each object counted once, and none lies where another does. */
function isOneWhole(slices: readonly Slice[]): boolean {
  const once = [...new Map(slices.map((slice) => [objectOf(slice), slice])).values()];
  return (
    isWhole(once) &&
    splitIntoVolumes(once, () => 0).every(
      ({ stack }) => stack?.places.every(({ length }) => length === 1) === true,
    )
  );
}
