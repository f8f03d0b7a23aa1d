import { mkdir, rmdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and those above it that are missing, one after the other: Node's own recursive mkdir never
 * ends where the system answers that a folder above is not there though it is (/proc, some network mounts).
 *
 * @returns the folders that were made, the outermost first
 * @throws the system's error
 */
export async function makeFolder(path: string, mode?: number): Promise<string[]> {
  const missing: string[] = [];
  for (let at = resolve(path); !(await isThere(at)); at = dirname(at)) missing.unshift(at);
  const made: string[] = [];
  for (const folder of missing) {
    try {
      await mkdir(folder, mode === undefined ? {} : { mode });
      made.push(folder);
    } catch (error) {
      // Another process was faster.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return made;
}

async function isThere(path: string): Promise<boolean> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  throw Object.assign(new Error(`${path} is no folder`), { code: 'ENOTDIR' });
}

/** Removes those of the folders that nothing was put into, the innermost first. */
export async function removeEmpty(folders: readonly string[]): Promise<void> {
  for (const folder of folders.toReversed()) {
    // Not empty, or gone: both are as they should be.
    await rmdir(folder).catch(() => undefined);
  }
}
