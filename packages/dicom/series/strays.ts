import { posix } from 'node:path';
import type { BrokenInstance, Scanned } from '../instance.ts';
import { grouped } from './grouped.ts';

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
    // What macOS keeps beside a file on other systems.
    if (posix.basename(name).startsWith('._') || !isNamedAsImage(name)) return one;
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

/** Files that cannot be read, found by the volumes that they may belong to. */
export class BrokenFiles {
  readonly #inFolder: ReadonlyMap<string, readonly BrokenInstance[]>;
  readonly #ofSeries: ReadonlyMap<string, readonly BrokenInstance[]>;
  readonly #told = new Set<BrokenInstance>();

  constructor(broken: readonly BrokenInstance[]) {
    this.#inFolder = grouped(broken, ({ name }) => posix.dirname(name));
    this.#ofSeries = grouped(broken, ({ seriesUid }) => seriesUid ?? '');
  }

  /**
   * Those in a folder of the volume, of its series or of which no series is known. Of a volume whose files lie
   * in several folders, those of its series anywhere.
   */
  of(uid: string, fileNames: readonly string[]): readonly BrokenInstance[] {
    const folders = new Set(fileNames.map(posix.dirname));
    const near = [...folders]
      .flatMap((folder) => this.#inFolder.get(folder) ?? [])
      .filter(({ seriesUid }) => seriesUid === undefined || seriesUid === uid);
    const far = folders.size > 1 ? (this.#ofSeries.get(uid) ?? []) : [];
    const found = [...new Set([...near, ...far])];
    for (const one of found) this.#told.add(one);
    return found;
  }

  /** Those that no volume was asked about: of series of which nothing can be read. */
  rest(): readonly BrokenInstance[] {
    return [...this.#inFolder.values()].flat().filter((one) => !this.#told.has(one));
  }
}
