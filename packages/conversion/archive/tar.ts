import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { abortError } from '#errors';
import { isGzip } from '#volume/gzip';
import type { ArchiveEntry } from './unpack.ts';

/** The entries of a tar, or of one in a gzip, in their order. */
export async function* tarEntries(
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<ArchiveEntry, void> {
  const bytes = createReadStream(path);
  const archive = extract();
  const fail = (error: Error) => archive.destroy(error);
  bytes.on('error', fail);
  if (await startsLikeGzip(path)) {
    const gunzip = createGunzip();
    gunzip.on('error', fail);
    bytes.pipe(gunzip).pipe(archive);
  } else bytes.pipe(archive);
  const cancel = () => archive.destroy(signal && abortError(signal));
  signal?.addEventListener('abort', cancel);
  try {
    for await (const entry of archive) {
      const { header } = entry;
      if (header.type === 'file' || header.type === 'contiguous-file') {
        yield { name: header.name, open: async () => entry as unknown as Readable };
      } else {
        entry.resume();
        yield { name: header.name };
      }
    }
  } finally {
    signal?.removeEventListener('abort', cancel);
    bytes.destroy();
  }
}

async function startsLikeGzip(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const start = new Uint8Array(3);
    await file.read(start, 0, start.length, 0);
    return isGzip(start);
  } finally {
    await file.close();
  }
}
