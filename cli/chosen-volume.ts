import { type FoundVolume, readImageHeader } from '#conversion';
import { nearest, SextantError } from '#errors';
import type { Vec3 } from '#geometry';

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
export async function chosenVolume(
  volumes: readonly NamedVolume[],
  {
    givenPath,
    volume,
    signal,
  }: { givenPath: string; volume: string | undefined; signal: AbortSignal },
): Promise<NamedVolume> {
  const [only] = volumes;
  if (volume === undefined && only !== undefined && volumes.length === 1) return only;
  if (volume === undefined) {
    throw new SextantError('VOLUME_CHOICE_REQUIRED', {
      subject: givenPath,
      got: `${volumes.length} volumes:${await listOf(volumes, signal)}`,
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
    expected: `a number from 1 to ${volumes.length}, or a name, of:${await listOf(volumes, signal)}`,
    ...(near === undefined ? {} : { remedy: `did you mean ${near}?` }),
  });
}

/** A line each: number, name, what it is. */
async function listOf(volumes: readonly NamedVolume[], signal: AbortSignal): Promise<string> {
  const lines = await Promise.all(
    volumes
      .slice(0, MOST_LISTED)
      .map(
        async ({ name, found }, n) => `\n  ${n + 1}  ${name}  ${await aboutVolume(found, signal)}`,
      ),
  );
  const left = volumes.length - MOST_LISTED;
  return lines.join('') + (left > 0 ? `\n  and ${left} more\n` : '\n');
}

async function aboutVolume({ source, series }: FoundVolume, signal: AbortSignal): Promise<string> {
  if (source.kind !== 'dicom') return `${source.kind}, ${await aboutImage(source, signal)}`;
  const { volume, failure } = source.plan;
  if (volume === undefined) return `${series?.modality ?? ''}, ${failure?.reason ?? ''}`;
  return `${series?.modality ?? ''}, ${sizeText(volume.shape, volume.times)}`;
}

async function aboutImage(
  source: Parameters<typeof readImageHeader>[0],
  signal: AbortSignal,
): Promise<string> {
  try {
    const { grid, frames } = await readImageHeader(source, { signal });
    return sizeText(grid.shape, frames);
  } catch (error) {
    if (!(error instanceof SextantError)) throw error;
    return error.reason;
  }
}

function sizeText(shape: Vec3, frames: number): string {
  return `${shape.join(' x ')}${frames > 1 ? `, ${frames} frames` : ''}`;
}
