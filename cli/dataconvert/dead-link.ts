import { basename } from 'node:path';
import { errnoWords, SextantError } from '#errors';
import { imageKindByName } from '#volume';

/** A link whose file is not there, as those of git-annex before it is fetched, or cannot be reached. */
export interface DeadLink {
  readonly path: string;
  readonly cause: unknown;
}

const DICOM_ENDING = /\.(dcm|dicom|ima)$/i;

/**
 * What is lost with the file of a link. `dicom`: perhaps a slice, of which the scan knows whose it would be;
 * `image`: an image by its name; undefined: nothing that was asked for. DICOM may have any name, and so may a
 * link to a folder that is gone: alone in a folder it is taken for that.
 */
export function lostWith(
  { path }: DeadLink,
  { sourceFormat, isAlone }: { sourceFormat: string; isAlone: boolean },
): 'dicom' | 'image' | undefined {
  const isImage = imageKindByName(basename(path)) !== undefined;
  if (sourceFormat !== '.dcm' && (sourceFormat !== 'any' || isImage)) return 'image';
  if (isImage) return undefined;
  return !isAlone || DICOM_ENDING.test(path) ? 'dicom' : undefined;
}

export function deadLinkError({ path, cause }: DeadLink): SextantError {
  const isGone = (cause as NodeJS.ErrnoException).code === 'ENOENT';
  return new SextantError('FILE_UNREADABLE', {
    subject: path,
    got: isGone ? 'a link that leads nowhere' : errnoWords(cause),
    expected: 'a link to a file that can be read',
    remedy: 'bring the file that it leads to, or remove the link',
    cause,
  });
}
