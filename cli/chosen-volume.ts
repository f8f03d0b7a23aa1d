import type { FoundVolume } from '#conversion';
import { nearest, SextantError } from '#errors';

export interface NamedVolume {
  /** What --volume calls it. */
  readonly name: string;
  readonly found: FoundVolume;
}

/** Volumes that a message lists. */
const MOST_LISTED = 30;

/**
 * The only volume, or the one that --volume says by number, from 1, or by name; without the folder where no other has it.
 *
 * @throws SextantError VOLUME_CHOICE_REQUIRED with the list, CONFIG_INVALID for one that is not in it
 */
export function chosenVolume(
  volumes: readonly NamedVolume[],
  { givenPath, volume }: { givenPath: string; volume: string | undefined },
): NamedVolume {
  const [only] = volumes;
  if (volume === undefined && only !== undefined && volumes.length === 1) return only;
  if (volume === undefined) {
    throw new SextantError('VOLUME_CHOICE_REQUIRED', {
      subject: givenPath,
      got: `${volumes.length} volumes:${listOf(volumes)}`,
      expected: 'one of them',
      remedy: 'choose it by --volume, its number or its name',
    });
  }
  const inFolders = volumes.filter(({ name }) => name.endsWith(`/${volume}`));
  const chosen =
    volumes.find(({ name }) => name === volume) ??
    volumes[Number(volume) - 1] ??
    (inFolders.length === 1 ? inFolders[0] : undefined);
  if (chosen !== undefined) return chosen;
  const names = volumes.map(({ name }) => name);
  const near = nearest(volume, names);
  throw new SextantError('CONFIG_INVALID', {
    subject: '--volume',
    got: JSON.stringify(volume),
    expected: `a number from 1 to ${volumes.length}, or a name, of:${listOf(volumes)}`,
    ...(near === undefined ? {} : { remedy: `did you mean ${near}?` }),
  });
}

/** A line each: number, name, what it is. */
function listOf(volumes: readonly NamedVolume[]): string {
  const lines = volumes
    .slice(0, MOST_LISTED)
    .map(({ name, found }, n) => `\n  ${n + 1}  ${name}  ${aboutVolume(found)}`);
  const left = volumes.length - MOST_LISTED;
  return lines.join('') + (left > 0 ? `\n  and ${left} more\n` : '\n');
}

function aboutVolume({ source, series }: FoundVolume): string {
  if (source.kind !== 'dicom') return source.kind;
  const { volume, failure } = source.plan;
  if (volume === undefined) return `${series?.modality ?? ''}, ${failure?.reason ?? ''}`;
  const frames = volume.times > 1 ? `, ${volume.times} frames` : '';
  return `${series?.modality ?? ''}, ${volume.shape.join(' x ')}${frames}`;
}
