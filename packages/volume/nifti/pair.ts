import { access } from 'node:fs/promises';
import { SextantError } from '#errors';

const HEADER_NAME = /\.hdr(\.gz)?$/i;
const IMAGE_NAME = /\.img(\.gz)?$/i;

/**
 * The header's path for a path that a user gave: itself, or, for the image of a pair, the header
 * beside it.
 */
export async function headerPath(path: string): Promise<string> {
  if (!IMAGE_NAME.test(path)) return path;
  return (await firstExisting(siblings(path, IMAGE_NAME, 'hdr'))) ?? path;
}

/**
 * The image that belongs to a header of a pair: the same name with .img or .img.gz, whichever is
 * there.
 * @throws SextantError FILE_UNREADABLE
 */
export async function imagePathOf(header: string): Promise<string> {
  const candidates = siblings(header, HEADER_NAME, 'img');
  const found = await firstExisting(candidates);
  if (found !== undefined) return found;
  throw new SextantError('FILE_UNREADABLE', {
    subject: header,
    got: 'the header of a pair, without its image',
    expected: `${candidates[0]} beside it, plain or gzip`,
    remedy: 'put the image beside its header, or give a single .nii file',
  });
}

/**
 * The same among files that lie under other names: `beside` has the path of each by its name.
 * @throws SextantError FILE_UNREADABLE
 */
export function imageAmong(header: string, beside: ReadonlyMap<string, string>): string {
  const own = [...beside].find(([, path]) => path === header)?.[0] ?? '';
  const candidates = siblings(own, HEADER_NAME, 'img');
  const found = candidates.map((name) => beside.get(name)).find((path) => path !== undefined);
  if (found !== undefined) return found;
  throw new SextantError('FILE_UNREADABLE', {
    subject: own,
    got: 'the header of a pair, without its image',
    expected: `${candidates[0]} with it, plain or gzip`,
    remedy: 'send both files together, or a single .nii file',
  });
}

/** The other file's possible names, those that are compressed as this one is first. */
function siblings(path: string, ending: RegExp, extension: 'hdr' | 'img'): string[] {
  const base = path.replace(ending, '');
  const endings = /\.gz$/i.test(path) ? ['.gz', '.GZ', ''] : ['', '.gz', '.GZ'];
  return [extension, extension.toUpperCase()].flatMap((name) =>
    endings.map((compressed) => `${base}.${name}${compressed}`),
  );
}

async function firstExisting(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    try {
      await access(path);
      return path;
    } catch {
      // The next spelling may be there.
    }
  }
  return undefined;
}
