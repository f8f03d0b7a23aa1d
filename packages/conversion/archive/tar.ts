import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { abortError, SextantError } from '#errors';
import { aboutImage } from '#volume';
import { gunzip, isGzip } from '#volume/gzip';
import type { Archive, ArchiveEntry } from './unpack.ts';

const BLOCK_BYTES = 512;

/**
 * Two blocks of zeros end a tar (POSIX.1, pax, ustar), of some writers one, which all readers take for the end.
 * Without any an archive that is cut between two files would be a shorter one.
 */
const END_BYTES = BLOCK_BYTES;

/** The entries of a tar, or of one in a gzip, in their order. */
export async function* tarEntries(
  tar: Archive,
  signal: AbortSignal | undefined,
): AsyncGenerator<ArchiveEntry, void> {
  // Loaded when there is a tar: most conversions have none.
  const { extract } = await import('tar-stream');
  const end = new TarEnd();
  const bytes = Readable.from(end.seen(tarBytes(tar)), { objectMode: false });
  const archive = extract();
  bytes.on('error', (error) => archive.destroy(error));
  bytes.pipe(archive);
  const cancel = () => archive.destroy(signal && abortError(signal));
  signal?.addEventListener('abort', cancel);
  let entriesEnd = 0;
  try {
    for await (const entry of archive) {
      const { header } = entry;
      entriesEnd = endOf(entry);
      if (header.type === 'file' || header.type === 'contiguous-file') {
        yield { name: header.name, open: async () => entry as unknown as Readable };
      } else {
        entry.resume();
        yield { name: header.name };
      }
    }
    if (!end.isBehind(entriesEnd)) throw cut(tar);
  } finally {
    signal?.removeEventListener('abort', cancel);
    // The file and what inflates it end with it.
    bytes.destroy();
  }
}

async function* tarBytes({ path, name }: Archive): AsyncGenerator<Uint8Array, void> {
  const isPacked = await startsLikeGzip(path);
  const bytes = createReadStream(path);
  try {
    yield* isPacked ? gunzip(bytes) : bytes;
  } catch (error) {
    throw aboutImage(error, name);
  } finally {
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

/** Where an entry's header lies, and what it says of its content. */
interface Placed {
  readonly offset: number;
  readonly header: { readonly type: string | null; readonly size: number };
}

/** What a tar's bytes end in. */
class TarEnd {
  #bytes = 0;
  #last = Buffer.alloc(0);

  async *seen(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    for await (const piece of bytes) {
      this.#bytes += piece.length;
      this.#last = Buffer.concat([this.#last, piece.subarray(-END_BYTES)]).subarray(-END_BYTES);
      yield piece;
    }
  }

  /** Whether a block of the end is there, and no part of an entry that ends here. */
  isBehind(entriesEnd: number): boolean {
    return this.#bytes >= entriesEnd + END_BYTES && this.#last.every((byte) => byte === 0);
  }
}

/** Where the entry's last block ends. A folder has none, whatever its header says. */
function endOf({ offset, header: { type, size } }: Placed): number {
  const blocks = type === 'directory' ? 0 : Math.ceil(size / BLOCK_BYTES);
  return offset + (1 + blocks) * BLOCK_BYTES;
}

function cut({ name }: Archive): SextantError {
  return new SextantError('VOLUME_TRUNCATED', {
    subject: name,
    got: 'a tar without the block of zeros that ends it',
    expected: 'a whole tar',
    remedy: 'copy the archive again, or make it again',
  });
}
