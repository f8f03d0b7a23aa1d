import { dirname, join } from 'node:path';
import { SextantError } from '#errors';
import type { ByteReader } from './byte-reader.ts';
import { openSource } from './source.ts';

/** A reader that first gives what was read too far. */
export function withRest(reader: ByteReader, rest: Uint8Array): ByteReader {
  let left = rest;
  const take = (count: number) => {
    const taken = left.subarray(0, count);
    left = left.subarray(taken.length);
    return taken;
  };
  return {
    mostBytes: reader.mostBytes,
    compressed: reader.compressed,
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

/**
 * Opens the file beside a header that it names. Only a name: a header leads to no other folder.
 *
 * @throws SextantError VOLUME_CORRUPT, FILE_UNREADABLE
 */
export async function openBeside(
  headerPath: string | undefined,
  name: string,
  signal: AbortSignal | undefined,
): Promise<ByteReader> {
  if (headerPath === undefined) {
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
  return await openSource({ path: join(dirname(headerPath), name) }, signal, { raw: true });
}
