import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { abortError, errnoWords, SextantError } from '#errors';
import { CHUNK_BYTES } from '#rpc';
import { isScalar } from '#volume';
import { readNifti, writeNifti } from '#volume/nifti';

/** An image on this machine that is to be sent. */
export interface ImagePlace {
  readonly imagePath: string;
  /** What the user gave, for messages. */
  readonly givenPath: string;
  /** Of a file that was made for this call: what it was made of. */
  readonly madeOf?: string | undefined;
  /** Index on the fourth axis, for a 4D image. */
  readonly frame: number | undefined;
  readonly volumeLimitBytes: number;
  readonly signal: AbortSignal;
}

/** Which bytes these are, without reading them: when both are the same later, so are the bytes. */
export interface Identity {
  /** The file, whatever is in it. */
  readonly place: string;
  /** What is in it now. */
  readonly version: string;
}

/** An image as it is sent: one file's bytes, and the frame that the server has to choose. */
export interface ImageBytes {
  readonly path: string;
  readonly sizeBytes: number;
  readonly frame: number | undefined;
  readonly identity: Identity;
  /**
   * The bytes from `start` on, in pieces of at most a chunk. Throws VOLUME_DIGEST_MISMATCH when
   * the file ends early by now.
   */
  read(start: number): AsyncIterable<Uint8Array>;
  /** Throws VOLUME_DIGEST_MISMATCH when the file was changed since it was first looked at. */
  assertUnchanged(): Promise<void>;
}

/**
 * The bytes to send for an image: the file as it is, or, for a pair, the chosen frame as one .nii,
 * since a server takes one file.
 */
export async function imageBytes(place: ImagePlace, singleFile: boolean): Promise<ImageBytes> {
  return singleFile ? await oneFile(place) : await pairAsOneFile(place);
}

async function oneFile(place: ImagePlace): Promise<ImageBytes> {
  const { imagePath, frame, madeOf } = place;
  const { identity: ofFile, sizeBytes } = await identityOf(imagePath);
  // A file that is made anew for each call is the same when its bytes are.
  const identity =
    madeOf === undefined ? ofFile : { place: madeOf, version: await digestOf(place, sizeBytes) };
  return {
    ...{ path: imagePath, sizeBytes, frame, identity },
    read: (start) => fileFrom(place, { start, size: sizeBytes }),
    assertUnchanged: async () => {
      const now = (await identityOf(imagePath)).identity;
      if (now.version !== ofFile.version) throw fileChanged(imagePath);
    },
  };
}

/** The error about a file that was written to while it was read. */
export function fileChanged(path: string, cause?: unknown): SextantError {
  return new SextantError('VOLUME_DIGEST_MISMATCH', {
    subject: path,
    got: 'other bytes than when it was first read',
    expected: 'a file that stays as it is while it is sent',
    remedy: 'wait until it is written, then run the same command again',
    cause,
  });
}

async function* fileFrom(
  { imagePath, signal }: ImagePlace,
  { start, size }: { start: number; size: number },
): AsyncGenerator<Uint8Array> {
  if (start >= size) return;
  const part = { start, end: size - 1, highWaterMark: CHUNK_BYTES };
  let missing = size - start;
  try {
    for await (const piece of createReadStream(imagePath, { ...part, signal })) {
      yield piece;
      missing -= piece.length;
    }
  } catch (error) {
    throw signal.aborted ? abortError(signal) : unreadable(imagePath, error);
  }
  // Who writes a file anew cuts it first: it can be as long as before again by the time it is looked at.
  if (missing > 0) throw fileChanged(imagePath);
}

async function digestOf(place: ImagePlace, size: number): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of fileFrom(place, { start: 0, size })) hash.update(piece);
  return hash.digest('hex');
}

async function identityOf(path: string): Promise<{ identity: Identity; sizeBytes: number }> {
  const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true }).catch((cause) => {
    throw unreadable(path, cause);
  });
  const identity = { place: `${dev}:${ino}`, version: `${dev}:${ino}:${size}:${mtimeNs}` };
  return { identity, sizeBytes: Number(size) };
}

function unreadable(subject: string, cause: unknown): SextantError {
  const facts = { subject, got: errnoWords(cause), expected: 'a file that can be read to its end' };
  return new SextantError('FILE_UNREADABLE', { ...facts, cause });
}

/** Two files become one in memory, and what it is can be told from its bytes. */
async function pairAsOneFile(place: ImagePlace): Promise<ImageBytes> {
  const { identity } = await identityOf(place.imagePath);
  const bytes = await asOneFile(place);
  const version = createHash('sha256').update(bytes).digest('hex');
  return {
    path: place.imagePath,
    sizeBytes: bytes.length,
    frame: undefined,
    identity: { place: `${identity.place}, frame ${place.frame}`, version },
    async *read(start) {
      yield bytes.subarray(start);
    },
    assertUnchanged: async () => undefined,
  };
}

async function asOneFile(place: ImagePlace): Promise<Uint8Array> {
  const { imagePath, frame, volumeLimitBytes, signal } = place;
  const chosen = frame === undefined ? {} : { frame };
  using volume = await readNifti({ path: imagePath }, { volumeLimitBytes, ...chosen, signal });
  const { grid, placement, dtype, voxels, scale } = volume;
  if (!isScalar(dtype)) {
    throw new SextantError('VOLUME_NOT_SCALAR', {
      subject: imagePath,
      got: `voxels of type ${dtype}`,
      expected: 'one number a voxel',
      remedy: 'convert the image to grey values first',
    });
  }
  using plain = voxels.reshape(grid.shape);
  return await writeNifti({ grid, placement, dtype, voxels: plain, scale }, { signal });
}
