import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What temporary folders are for; a part of their names. */
export type TemporaryKind = 'convert' | 'archive' | 'image';

const NAME = /^sextant-(?:convert|archive|image)-(\d+)-/;

/** A private folder whose name says which process it belongs to. The caller removes it. */
export async function temporaryFolder(kind: TemporaryKind): Promise<string> {
  return await mkdtemp(join(tmpdir(), `sextant-${kind}-${process.pid}-`));
}

/**
 * Removes temporary folders of processes that are no more: one that was killed could not remove its own,
 * and images of patients are in them. Those of other users stay, as they must.
 */
export async function sweepTemporaryFolders(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  const stale = names.filter((name) => {
    const [, pid] = NAME.exec(name) ?? [];
    return pid !== undefined && !isAlive(Number(pid));
  });
  for (const name of stale) {
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process is alive too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
