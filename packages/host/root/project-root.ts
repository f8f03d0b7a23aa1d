import { existsSync, readFileSync } from 'node:fs';

/**
 * The folder of Sextant's package.json, as a URL with a closing slash: this file runs from here in
 * tests and from a folder of dist/ otherwise.
 */
export function projectRoot(): URL {
  let folder = new URL('.', import.meta.url);
  for (;;) {
    const manifest = new URL('package.json', folder);
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'sextant') {
      return folder;
    }
    const parent = new URL('..', folder);
    if (parent.href === folder.href)
      throw new Error('no package.json of sextant above the program');
    folder = parent;
  }
}
