import { basename, dirname, join, resolve } from 'node:path';
import type { FoundVolume } from '#conversion';
import { imageStem, UniqueNames, withinBytes } from '#volume';

/** Where volumes are written, below the output folder. No place is given twice. */
export class Places {
  readonly #names = new UniqueNames();

  /**
   * The path of a volume without ending. The only volume of a DICOM folder is called as the folder, so that
   * the image and the labels of a case get one name; of several each lies in it under its series. Other
   * images keep their names.
   */
  placeOf(
    { name, folder, source, fileNames }: FoundVolume,
    { input, isOnly }: { input: string; isOnly: boolean },
  ): string {
    if (source.kind !== 'dicom') {
      const stem = imageStem(fileNames[0] ?? name);
      // Of a file that is called `...nii` two points are left, which are a folder.
      return this.#free(join(folder, /^\.{1,2}$/.test(stem) ? name : stem));
    }
    if (!isOnly) return this.#free(join(folder, name));
    return this.#free(folder === '' ? imageStem(basename(resolve(input))) : folder);
  }

  #free(given: string): string {
    // No line's end and no backslash: a .mhd could not name its .raw.
    return this.#names.take(shortened(given.replace(/[\p{Cc}\\]/gu, '_')));
  }
}

/**
 * A file's name has at most 255 bytes, of which `_1234` and `.nii.gz` need some.
 * @internal
 */
const LONGEST_STEM_BYTES = 240;

function shortened(place: string): string {
  return join(dirname(place), withinBytes(basename(place), LONGEST_STEM_BYTES));
}
