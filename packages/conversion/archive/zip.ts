import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import type { Entry, ZipFile } from 'yauzl';
import { SextantError, shortened } from '#errors';
import { crc32 } from '#volume/gzip';
import type { Archive, ArchiveEntry } from './unpack.ts';

/** How a file may be packed (APPNOTE 4.4.5): stored, Deflate. */
const METHODS = new Set([0, 8]);

/** The entries of a zip in the order of its directory. The library holds them to their sizes, not to their checksums. */
export async function* zipEntries(archive: Archive): AsyncGenerator<ArchiveEntry, void> {
  // Loaded when there is a zip: most conversions have none.
  const { default: yauzl } = await import('yauzl');
  // Names as they are: they become no path, so there is nothing to refuse in them.
  const options = { lazyEntries: true, autoClose: false, decodeStrings: false };
  const zip = await promisify<string, object, ZipFile>(yauzl.open as never)(archive.path, options);
  const openEntry = promisify<Entry, Readable>(zip.openReadStream.bind(zip) as never);
  try {
    for await (const entry of entriesOf(zip)) {
      const name = Buffer.from(entry.fileName as unknown as Buffer).toString('utf8');
      if (name.endsWith('/') || isLink(entry)) {
        yield { name };
        continue;
      }
      if (entry.isEncrypted()) {
        throw unsupported(archive, 'an encrypted zip', 'one that can be read without a password');
      }
      if (!METHODS.has(entry.compressionMethod)) {
        const got = `a zip packed by method ${entry.compressionMethod}`;
        throw unsupported(archive, got, 'a zip packed by Deflate (method 8), or not at all');
      }
      const { crc32: expected } = entry;
      yield {
        name,
        open: async () => checked(await openEntry(entry), { expected, name, archive }),
      };
    }
  } finally {
    zip.close();
  }
}

/** The content as it comes; at its end it is refused when it is not what was packed. */
async function* checked(
  content: Readable,
  { expected, name, archive }: { expected: number; name: string; archive: Archive },
): AsyncGenerator<Uint8Array, void> {
  let crc = 0;
  for await (const piece of content) {
    crc = crc32(piece, crc);
    yield piece;
  }
  if (crc !== expected) {
    throw new SextantError('VOLUME_CORRUPT', {
      subject: archive.name,
      got: `other bytes in its file ${shortened(name)}`,
      expected: 'the bytes that were packed, by their checksum',
      remedy: 'copy the archive again, or make it again',
    });
  }
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry, void> {
  for (;;) {
    const entry = await new Promise<Entry | undefined>((resolve, reject) => {
      const settle = (settled: () => void) => {
        zip.removeAllListeners('entry');
        zip.removeAllListeners('end');
        zip.removeAllListeners('error');
        settled();
      };
      zip.once('entry', (next: Entry) => settle(() => resolve(next)));
      zip.once('end', () => settle(() => resolve(undefined)));
      zip.once('error', (error: Error) => settle(() => reject(error)));
      zip.readEntry();
    });
    if (entry === undefined) return;
    yield entry;
  }
}

/** Unix's mode stands in the upper half of the attributes: S_IFLNK. */
function isLink({ externalFileAttributes }: Entry): boolean {
  return ((externalFileAttributes >>> 16) & 0o170000) === 0o120000;
}

function unsupported({ name }: Archive, got: string, expected: string): SextantError {
  return new SextantError('VOLUME_TYPE_UNSUPPORTED', {
    subject: name,
    got,
    expected,
    remedy: 'make the archive again in that way',
  });
}
