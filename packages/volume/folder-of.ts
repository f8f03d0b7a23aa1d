/**
 * A folder's name in any file system has no more bytes.
 * @internal
 */
const LONGEST_PART_BYTES = 255;

/**
 * The folder that files lie in together, by their names below an input; '' at its top. In an archive a name is
 * what its maker wrote: what comes of it leads down and nowhere else, by folders that can be made.
 *
 * @example
 * folderOf(['ct/a/1.dcm', 'ct/b/1.dcm']); // 'ct'
 * folderOf(['../../etc/passwd']); // 'etc'
 */
export function folderOf(names: readonly string[]): string {
  const [first = '', ...others] = names;
  const parts = first.split('/').slice(0, -1);
  for (const name of others) {
    const other = name.split('/').slice(0, -1);
    const apart = parts.findIndex((part, n) => part !== other[n]);
    if (apart >= 0) parts.length = apart;
  }
  return parts
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .map((part) => withinBytes(part.replace(/[\p{Cc}\\]/gu, '_'), LONGEST_PART_BYTES))
    .join('/');
}

/** The start of a text that has so many bytes in UTF-8; no character is cut. */
export function withinBytes(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  let kept = '';
  for (const character of text) {
    if (Buffer.byteLength(kept + character) > bytes) break;
    kept += character;
  }
  return kept;
}
