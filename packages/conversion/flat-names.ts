import { UniqueNames, withinBytes } from '#volume';
import type { FoundVolume } from './conversion.ts';

/**
 * A file's name has at most 255 bytes, of which a series' name has 80, and its number and its ending need some.
 * @internal
 */
const LONGEST_FOLDER_BYTES = 120;

/** Letters, digits, '-', '_' and '.', of which none comes first that hides a file or looks like an option. */
export function plainName(name: string): string {
  return name.replace(/[^\p{L}\p{N}_.-]+/gu, '_').replace(/^[.-]+/, '') || 'volume';
}

/**
 * The volumes for who keeps them all in one folder: each under a name that no other has. Where volumes of several
 * folders have the same name, their folders' are put before it.
 */
export function flatNames(volumes: readonly FoundVolume[]): FoundVolume[] {
  const counts = new Map<string, number>();
  for (const { name } of volumes) {
    counts.set(name.toLowerCase(), (counts.get(name.toLowerCase()) ?? 0) + 1);
  }
  const names = new UniqueNames();
  return volumes.map((volume) => {
    const { folder, name } = volume;
    const isAlone = counts.get(name.toLowerCase()) === 1;
    if (isAlone || folder === '') return { ...volume, name: names.take(name) };
    const placed = plainName(`${withinBytes(folder, LONGEST_FOLDER_BYTES)}/${name}`);
    return { ...volume, name: names.take(placed) };
  });
}
