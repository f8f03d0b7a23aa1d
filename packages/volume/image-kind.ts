import { constants as fileConstants } from 'node:fs';
import { open } from 'node:fs/promises';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { isGzip } from '#volume/gzip';

/** What a file's first bytes say that it is. */
export type ImageKind =
  | 'nifti'
  | 'nifti-pair'
  | 'metaimage'
  | 'nrrd'
  | 'zip'
  | 'tar'
  | 'dicom'
  | 'apple-double'
  | UntakenArchive;

/** Archives that are known, to be named, and not unpacked. */
type UntakenArchive = 'xz' | 'bzip2' | 'zstd' | '7z' | 'rar';

/** What they begin with, as latin1. */
const UNTAKEN: Readonly<Record<UntakenArchive, string>> = {
  xz: '\u00fd7zXZ\0',
  bzip2: 'BZh',
  zstd: '\u0028\u00b5\u002f\u00fd',
  '7z': '7z\u00bc\u00af\u0027\u001c',
  rar: 'Rar!\u001a\u0007',
};

export function isUntakenArchive(kind: string | undefined): kind is UntakenArchive {
  return kind !== undefined && Object.hasOwn(UNTAKEN, kind);
}

const { O_RDONLY, O_NONBLOCK } = fileConstants;

/** The most that is looked at: a tar's first header. */
const START_BYTES = 4096;

/**
 * What the start can inflate to.
 * @internal
 */
const MOST_INFLATED = START_BYTES * 1032;

/** Names of MetaImage's keys that a header can begin with. */
const METAIMAGE_BEGIN = /^\s*(ObjectType|NDims|Comment|TransformType|ID|Name)\s*=/;

/** Other texts have a name and a comment too. */
const METAIMAGE_KEY = /^\s*(ObjectType|NDims|ElementType)\s*=/m;

/** Undefined for what is none of them. Bytes in a gzip are looked at inflated. */
export async function imageKindOf(
  path: string,
): Promise<{ kind: ImageKind; isGzip: boolean } | undefined> {
  // A pipe without a writer would never open.
  const file = await open(path, O_RDONLY | O_NONBLOCK);
  let start: Buffer;
  try {
    if (!(await file.stat()).isFile()) return undefined;
    const { bytesRead, buffer } = await file.read(Buffer.alloc(START_BYTES), 0, START_BYTES, 0);
    start = buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
  const packed = isGzip(start);
  const kind = kindOfBytes(packed ? await inflatedStart(start) : start);
  return kind === undefined ? undefined : { kind, isGzip: packed };
}

function kindOfBytes(start: Buffer): ImageKind | undefined {
  const text = start.toString('latin1');
  if (text.startsWith('PK\u0003\u0004') || text.startsWith('PK\u0005\u0006')) return 'zip';
  // What macOS keeps beside a file on other systems, as ._name: RFC 1740.
  if (text.startsWith('\u0000\u0005\u0016\u0007')) return 'apple-double';
  if (text.startsWith('NRRD000')) return 'nrrd';
  if (METAIMAGE_BEGIN.test(text) && METAIMAGE_KEY.test(text)) return 'metaimage';
  if (text.slice(257, 262) === 'ustar') return 'tar';
  const nifti = niftiKind(start, text);
  if (nifti !== undefined) return nifti;
  if (text.slice(128, 132) === 'DICM') return 'dicom';
  const archives = Object.entries(UNTAKEN) as [UntakenArchive, string][];
  return archives.find(([, magic]) => text.startsWith(magic))?.[0];
}

function niftiKind(start: Buffer, text: string): ImageKind | undefined {
  if (start.length < 348) return undefined;
  const sizes = [start.readInt32LE(0), start.readInt32BE(0)];
  const magic = sizes.includes(348)
    ? text.slice(344, 347)
    : sizes.includes(540)
      ? text.slice(4, 7)
      : '';
  if (magic === 'n+1' || magic === 'n+2') return 'nifti';
  if (magic === 'ni1' || magic === 'ni2') return 'nifti-pair';
  // Analyze 7.5 has no magic.
  return sizes.includes(348) && magic === '\0\0\0' ? 'nifti-pair' : undefined;
}

/** As much as there is of it. */
async function inflatedStart(start: Buffer): Promise<Buffer> {
  const finishFlush = constants.Z_SYNC_FLUSH;
  try {
    return gunzipSync(start, { finishFlush, maxOutputLength: MOST_INFLATED });
  } catch {
    return await inflatedUntilBroken(start);
  }
}

/** What comes before the first bytes that are wrong: a file is what it is with a bad checksum too. */
async function inflatedUntilBroken(start: Buffer): Promise<Buffer> {
  // A piece in which an error is found is lost.
  const inflater = createGunzip({ chunkSize: constants.Z_MIN_CHUNK });
  inflater.end(start);
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of inflater) {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes >= START_BYTES) break;
    }
  } catch {
    // It is broken, as was known.
  }
  return Buffer.concat(pieces);
}
