import { dirname, join } from 'node:path';
import { SextantError } from '#errors';
import type { ByteReader } from './byte-reader.ts';
import { type ByteSource, openSource } from './source.ts';
import type { TextHeader } from './text-header.ts';

/** A reader of what follows a text: first what was read too far. */
export function withRest(
  reader: ByteReader,
  { bytes, rest }: Pick<TextHeader, 'bytes' | 'rest'>,
): ByteReader {
  let left = rest;
  const take = (count: number) => {
    const taken = left.subarray(0, count);
    left = left.subarray(taken.length);
    return taken;
  };
  return {
    mostBytes: reader.mostBytes - bytes,
    compressed: reader.compressed,
    get bytesBehind() {
      return reader.bytesBehind;
    },
    async fill(target) {
      const taken = take(target.length);
      target.set(taken);
      return taken.length + (await reader.fill(target.subarray(taken.length)));
    },
    async skip(count) {
      const taken = take(count);
      return taken.length + (await reader.skip(count - taken.length));
    },
    close: () => reader.close(),
  };
}

/** Lists and patterns name a file a slice, which other programs write. */
const SEVERAL_FILES = /^LIST\b|%\d*d/;

/**
 * Opens the file beside a header that it names. Only a name: a header leads to no other folder.
 *
 * @throws SextantError VOLUME_TYPE_UNSUPPORTED, VOLUME_CORRUPT, FILE_UNREADABLE
 */
export async function openBeside(
  source: ByteSource,
  name: string,
  signal: AbortSignal | undefined,
): Promise<ByteReader> {
  if (SEVERAL_FILES.test(name)) {
    throw new SextantError('VOLUME_TYPE_UNSUPPORTED', {
      subject: 'data file of the header',
      got: JSON.stringify(name.slice(0, 100)),
      expected: 'the name of one file',
      remedy: 'write the image into one file',
    });
  }
  if (!('path' in source)) {
    throw new SextantError('FILE_UNREADABLE', {
      subject: 'image',
      got: `a header whose voxels are in another file (${JSON.stringify(name)})`,
      expected: 'header and voxels in one file',
      remedy: 'send the image as one file: .mha or .nrrd',
    });
  }
  if (name === '' || name === '.' || name === '..' || /[/\\\0]/.test(name)) {
    throw new SextantError('VOLUME_CORRUPT', {
      subject: 'data file of the header',
      got: JSON.stringify(name.slice(0, 100)),
      expected: 'the name of a file in the same folder',
      remedy: 'put both files into one folder and correct the name in the header',
    });
  }
  const path =
    source.beside === undefined ? join(dirname(source.path), name) : source.beside.get(name);
  if (path !== undefined) return await openSource({ path }, signal, { raw: true });
  throw new SextantError('FILE_UNREADABLE', {
    subject: 'image',
    got: `a header whose voxels are in a file that is not there (${JSON.stringify(name.slice(0, 100))})`,
    expected: 'that file beside the header',
    remedy: 'send both files together, or the image as one file: .mha or .nrrd',
  });
}
