import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import yauzl from 'yauzl';
import { SextantError } from '#errors';
import type { ArchiveEntry } from './unpack.ts';

/** The entries of a zip in the order of its directory. Sizes and checksums are held by the library. */
export async function* zipEntries(path: string): AsyncGenerator<ArchiveEntry, void> {
  // Names as they are: they become no path, so there is nothing to refuse in them.
  const options = { lazyEntries: true, autoClose: false, decodeStrings: false };
  const zip = await promisify<string, object, yauzl.ZipFile>(yauzl.open as never)(path, options);
  try {
    for await (const entry of entriesOf(zip)) {
      const name = Buffer.from(entry.fileName as unknown as Buffer).toString('utf8');
      if (name.endsWith('/') || isLink(entry)) {
        yield { name };
        continue;
      }
      if (entry.isEncrypted()) throw encrypted();
      yield {
        name,
        open: () => promisify<yauzl.Entry, Readable>(zip.openReadStream.bind(zip) as never)(entry),
      };
    }
  } finally {
    zip.close();
  }
}

async function* entriesOf(zip: yauzl.ZipFile): AsyncGenerator<yauzl.Entry, void> {
  for (;;) {
    const entry = await new Promise<yauzl.Entry | undefined>((resolve, reject) => {
      const settle = (settled: () => void) => {
        zip.removeAllListeners('entry');
        zip.removeAllListeners('end');
        zip.removeAllListeners('error');
        settled();
      };
      zip.once('entry', (next: yauzl.Entry) => settle(() => resolve(next)));
      zip.once('end', () => settle(() => resolve(undefined)));
      zip.once('error', (error: Error) => settle(() => reject(error)));
      zip.readEntry();
    });
    if (entry === undefined) return;
    yield entry;
  }
}

/** Unix's mode stands in the upper half of the attributes: S_IFLNK. */
function isLink({ externalFileAttributes }: yauzl.Entry): boolean {
  return ((externalFileAttributes >>> 16) & 0o170000) === 0o120000;
}

function encrypted(): SextantError {
  return new SextantError('VOLUME_TYPE_UNSUPPORTED', {
    subject: 'archive',
    got: 'an encrypted zip',
    expected: 'one that can be read without a password',
    remedy: 'make it again without encryption',
  });
}
