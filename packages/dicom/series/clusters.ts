import { posix } from 'node:path';
import type { Instance } from '../instance.ts';
import { grouped } from './grouped.ts';

/**
 * Which instances of a series belong together when they lie in several folders, as a number from 0 on. Folders
 * with the same objects are copies of each other, and each makes volumes of its own; folders with other
 * objects are parts of one series, which an export has spread.
 */
export function clustersOf(instances: readonly Instance[]): (instance: Instance) => number {
  const clusters = new Map<string, number>();
  for (const [uid, series] of grouped(instances, ({ seriesUid }) => seriesUid)) {
    const folders = grouped(series, ({ name }) => posix.dirname(name));
    if (folders.size === 1) continue;
    const alike = [...grouped([...folders], ([, own]) => objectsOf(own)).values()];
    const count = alike.reduce((least, { length }) => Math.min(least, length), folders.size);
    for (const same of alike) {
      for (const [n, [folder]] of same.entries()) {
        clusters.set(keyOf(uid, folder), Math.min(n, count - 1));
      }
    }
  }
  return ({ seriesUid, name }) => clusters.get(keyOf(seriesUid, posix.dirname(name))) ?? 0;
}

function keyOf(uid: string, folder: string): string {
  return `${uid} ${folder}`;
}

/** Which objects a folder has, however its files are called. */
function objectsOf(instances: readonly Instance[]): string {
  return instances
    .map(({ sopInstanceUid, instanceNumber }) => `${sopInstanceUid} ${instanceNumber}`)
    .sort()
    .join('\n');
}
