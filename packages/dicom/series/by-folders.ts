import { posix } from 'node:path';
import { grouped } from './grouped.ts';
import type { Slice } from './slice.ts';
import { isRegular, type Stack, spreadOf, stackOf } from './stack.ts';

/** Slices that may be of one volume, and the folders with others of their series that were not joined. */
export interface Joined {
  readonly slices: readonly Slice[];
  readonly elsewhere: readonly string[];
}

type Part = readonly [folder: string, slices: readonly Slice[]];

/**
 * Parts slices of one series and grid by folder, and joins folders that an export has spread a series over. That
 * has to show: nothing says that two folders with one UID are of one person, since who makes images anonymous
 * may have given it to many. Folders with the same objects are copies, of which each stands for itself.
 */
export function byFolders(slices: readonly Slice[]): Joined[] {
  const parts = [...grouped(slices, ({ instance }) => posix.dirname(instance.name))];
  if (parts.length === 1) return [{ slices, elsewhere: [] }];
  const alike = [...grouped(parts, ([, own]) => objectsOf(own).join('\n')).values()];
  const most = alike.reduce((longest, { length }) => Math.max(longest, length), 0);
  return Array.from({ length: most }, (_, n) =>
    alike.flatMap((copies) => (copies[n] === undefined ? [] : [copies[n]])),
  ).flatMap(joined);
}

/** Of folders whose objects differ. */
function joined(parts: readonly Part[]): Joined[] {
  if (isOneSeries(parts.map(([, own]) => own))) {
    return [{ slices: parts.flatMap(([, own]) => own), elsewhere: [] }];
  }
  const folders = parts.map(([folder]) => folder);
  return parts.map(([folder, slices]) => ({
    slices,
    elsewhere: folders.filter((other) => other !== folder),
  }));
}

function isOneSeries(parts: readonly (readonly Slice[])[]): boolean {
  if (parts.length === 1) return true;
  if (areOfOthers(parts) || shareObjects(parts)) return false;
  const stack = stackOf(parts.flat());
  if (stack === undefined) return false;
  const isSingle = stack.places.every(({ length }) => length === 1);
  // One slice a folder is no volume, so that what is missing has to be told of all of them.
  if (isSingle && parts.every(({ length }) => length === 1)) return true;
  if (countTimes(parts)) return true;
  return isEven(stack) && (isSingle || !parts.every(isWhole));
}

/** Whether the folders say that they are of different people, or of one at different times. */
function areOfOthers(parts: readonly (readonly Slice[])[]): boolean {
  const said = [
    parts.map((part) => onlyOne(part, ({ instance }) => instance.patientDigest)),
    parts.map((part) => onlyOne(part, ({ instance }) => instance.frameOfReferenceUid)),
  ];
  return said.some((each) => new Set<unknown>(each.filter((one) => one !== undefined)).size > 1);
}

/** What all of them say; undefined where they say nothing, or each something else. */
function onlyOne<T>(slices: readonly Slice[], read: (slice: Slice) => T): T | undefined {
  const said = new Set(slices.map(read));
  return said.size === 1 ? [...said][0] : undefined;
}

function shareObjects(parts: readonly (readonly Slice[])[]): boolean {
  const objects = parts.flatMap(objectsOf);
  return new Set(objects).size < objects.length;
}

/** Sorted. The position belongs to it: who makes images anonymous may give one UID to all of them. */
function objectsOf(slices: readonly Slice[]): string[] {
  const objects = slices.map(
    ({ instance: { sopInstanceUid, instanceNumber }, frame, tile, position }) =>
      `${sopInstanceUid} ${instanceNumber} ${frame} ${tile} ${position}`,
  );
  return [...new Set(objects)].sort();
}

/** Whether each folder has temporal positions of its own. */
function countTimes(parts: readonly (readonly Slice[])[]): boolean {
  const told = parts.map((part) => [...new Set(part.map(({ about }) => about.temporalPosition))]);
  const all = told.flat();
  return !all.includes(undefined) && new Set(all).size === all.length;
}

function isWhole(slices: readonly Slice[]): boolean {
  const stack = stackOf(slices);
  return stack !== undefined && isEven(stack);
}

/** Whether nothing is missing, as far as places and distances tell. */
function isEven(stack: Stack): boolean {
  return stack.places.length > 1 && isRegular(stack) && spreadOf(stack).unevenMm === undefined;
}
