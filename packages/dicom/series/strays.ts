import { posix } from 'node:path';
import type { BrokenInstance, Scanned } from '../instance.ts';

/**
 * Files that by their content are no DICOM, or DICOM of nothing, but lie in one folder with images of a series
 * and are named as these are, numbers aside, or as DICOM files are: a slice that was emptied or has lost its
 * beginning. They are broken parts of a series, not something else that happens to lie there.
 */
export function withStraysBroken(scanned: readonly Scanned[]): readonly Scanned[] {
  const images = scanned.flatMap((one) => (one.what === 'instance' ? [one.instance.name] : []));
  const patterns = new Set(images.map(patternOf));
  const folders = new Set(images.map(posix.dirname));
  const isNamedAsImage = (name: string) =>
    (DICOM_ENDING.test(name) && folders.has(posix.dirname(name))) ||
    (patternOf(name).includes('#') && patterns.has(patternOf(name)));
  return scanned.map((one): Scanned => {
    if (one.what !== 'apart' || !NOTHING.includes(one.apart.kind)) return one;
    const { path, name } = one.apart;
    if (!isNamedAsImage(name)) return one;
    const message = 'no DICOM image, but named as the images of a series beside it are';
    return { what: 'broken', broken: { path, name, reason: 'VOLUME_CORRUPT', message } };
  });
}

const NOTHING = ['NOT_DICOM', 'NOT_TOLD'];

const DICOM_ENDING = /\.(dcm|dicom|ima)$/i;

/** The name with its folder, every number in it, a UUID or a hash too, as one sign: `ct/IM#.dcm`. */
function patternOf(name: string): string {
  const pattern = posix.basename(name).replace(/\b[0-9a-f]{8}[0-9a-f-]{8,}|\d+/gi, '#');
  return `${posix.dirname(name)}/${pattern}`;
}

/**
 * Which broken files may belong to a series: those that say so, and those of which no series is known but
 * which lie in a folder with its images.
 */
export function brokenOf(
  series: { readonly uid: string; readonly fileNames: readonly string[] },
  broken: readonly BrokenInstance[],
): readonly BrokenInstance[] {
  const folders = new Set(series.fileNames.map(posix.dirname));
  return broken.filter(({ seriesUid, name }) =>
    seriesUid === undefined ? folders.has(posix.dirname(name)) : seriesUid === series.uid,
  );
}
