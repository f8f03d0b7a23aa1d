/**
 * What the system's error says, in words: `ENOENT` -> `no such file or folder`. A code without
 * words stays a code.
 */
export function errnoWords(error: unknown): string {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return WORDS[String(code)] ?? String(code ?? error);
}

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  ENOTDIR: 'a path that goes through something that is no folder',
  EISDIR: 'a folder',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'a file system that is read-only',
  ENOSPC: 'a disk that is full',
  EDQUOT: 'a quota that is used up',
  ENAMETOOLONG: 'a name that is too long',
  ELOOP: 'links that lead in a circle',
  EADDRNOTAVAIL: 'an address that this machine does not have',
};
