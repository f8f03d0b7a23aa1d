import { posix } from 'node:path';
import type { Instance } from '../instance.ts';
import { grouped } from './grouped.ts';
import type { Slice } from './slice.ts';
import { splitIntoVolumes } from './split.ts';
import { isRegular, spreadOf } from './stack.ts';

/**
 * Which instances of a series belong together when they lie in several folders, as a text that they share.
 * Folders with the same objects are copies of each other, and each makes volumes of its own. Folders with
 * other objects are parts of one series, which an export has spread; unless they are of different people, or
 * each of them is whole and together they are not: who makes images anonymous may give one UID to many series.
 */
export function clustersOf(slices: readonly Slice[]): (instance: Instance) => string {
  const clusters = new Map<string, string>();
  for (const [uid, series] of grouped(slices, ({ instance }) => instance.seriesUid)) {
    const folders = grouped(series, ({ instance }) => posix.dirname(instance.name));
    if (folders.size === 1) continue;
    for (const [patient, own] of grouped([...folders], ([, part]) => patientOf(part))) {
      for (const [folder, number] of numbered(own)) {
        clusters.set(keyOf(uid, folder), `${patient} ${number}`);
      }
    }
  }
  return ({ seriesUid, name }) => clusters.get(keyOf(seriesUid, posix.dirname(name))) ?? '';
}

type Folder = readonly [name: string, slices: readonly Slice[]];

/** Folders with a number that those have in common which belong together. */
function numbered(folders: readonly Folder[]): [folder: string, number: number][] {
  const alike = [...grouped(folders, ([, own]) => objectsOf(own)).values()];
  const parts = alike.map(([first]) => first?.[1] ?? []);
  const isOfMany = parts.length > 1 && parts.every(isWhole) && !isOneWhole(parts.flat());
  const copies = alike.reduce((least, { length }) => Math.min(least, length), folders.length);
  return alike.flatMap((same, part) =>
    same.map(([folder], n): [string, number] => {
      // No two series' copies have one number.
      return [folder, isOfMany ? n * alike.length + part : Math.min(n, copies - 1)];
    }),
  );
}

function keyOf(uid: string, folder: string): string {
  return `${uid} ${folder}`;
}

/** Whose images a folder has; '' where it does not say, or where each says something else. */
function patientOf(slices: readonly Slice[]): string {
  const digests = new Set(slices.map(({ instance }) => instance.patientDigest ?? ''));
  const [only = ''] = digests;
  return digests.size === 1 ? only : '';
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
  return splitIntoVolumes(slices, () => '').every(
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
    splitIntoVolumes(once, () => '').every(
      ({ stack }) => stack?.places.every(({ length }) => length === 1) === true,
    )
  );
}
