import { basename, dirname, join, resolve } from 'node:path';
import type { FoundVolume } from '#conversion';
import { imageStem } from '#volume';

/** Where volumes are written, below the output folder. No place is given twice. */
export class Places {
  readonly #taken = new Set<string>();

  /**
   * The path of a volume without ending. The only volume of a DICOM folder is called as the folder, so that
   * the image and the labels of a case get one name; of several each lies in it under its series. Other
   * images keep their names.
   */
  placeOf(
    { name, source, fileNames }: FoundVolume,
    { input, folder, isOnly }: { input: string; folder: string; isOnly: boolean },
  ): string {
    if (source.kind !== 'dicom') return this.#free(join(folder, imageStem(fileNames[0] ?? name)));
    if (!isOnly) return this.#free(join(folder, name));
    return this.#free(folder === '' ? imageStem(basename(resolve(input))) : folder);
  }

  #free(given: string): string {
    // No line's end and no backslash: a .mhd could not name its .raw.
    const wish = shortened(given.replace(/[\p{Cc}\\]/gu, '_'));
    let place = wish;
    for (let n = 2; this.#taken.has(place.toLowerCase()); n++) place = `${wish}_${n}`;
    this.#taken.add(place.toLowerCase());
    return place;
  }
}

/**
 * A file's name has at most 255 bytes, of which `_1234` and `.nii.gz` need some. A longer one is cut
 * between two characters.
 * @internal
 */
const LONGEST_STEM_BYTES = 240;

function shortened(place: string): string {
  const name = basename(place);
  if (Buffer.byteLength(name) <= LONGEST_STEM_BYTES) return place;
  let cut = '';
  for (const character of name) {
    if (Buffer.byteLength(cut + character) > LONGEST_STEM_BYTES) break;
    cut += character;
  }
  return join(dirname(place), cut);
}
