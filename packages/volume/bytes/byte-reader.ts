import type { FileHandle } from 'node:fs/promises';
import { abortError, unlessAborted } from '#errors';
import { PIECE_BYTES } from './limits.ts';

/** Reads bytes one after the other, straight into memory that the caller has. */
export interface ByteReader {
  /**
   * No more bytes than this can come: lets a header that promises more be refused before memory is
   * taken. Infinity for a stream whose length is not known.
   */
  readonly mostBytes: number;
  /** Whether what is skipped has to be inflated too. */
  readonly compressed: boolean;
  /** How many bytes of the file follow what is compressed, once its end was read. */
  readonly bytesBehind: number;
  /** Fills `target`; returns the number of bytes, less than its length only at the end. */
  fill(target: Uint8Array): Promise<number>;
  /** Passes over `count` bytes; returns how many there were. */
  skip(count: number): Promise<number>;
  close(): Promise<void>;
}

/** A reader of a plain file: the operating system writes into the target, nothing in between. */
export function fileReader(
  file: FileHandle,
  { size, signal }: { size: number; signal?: AbortSignal | undefined },
): ByteReader {
  let position = 0;
  return {
    mostBytes: size,
    compressed: false,
    bytesBehind: 0,
    async fill(target) {
      let filled = 0;
      while (filled < target.length) {
        if (signal?.aborted) throw abortError(signal);
        const length = Math.min(PIECE_BYTES, target.length - filled);
        const { bytesRead } = await file.read(target, filled, length, position);
        if (bytesRead === 0) break;
        filled += bytesRead;
        position += bytesRead;
      }
      return filled;
    },
    async skip(count) {
      const skipped = Math.min(count, Math.max(0, size - position));
      position += skipped;
      return skipped;
    },
    async close() {
      await file.close();
    },
  };
}

interface PieceReaderOptions {
  mostBytes: number;
  compressed: boolean;
  signal?: AbortSignal | undefined;
  /** Runs once the pieces have been let go. */
  onClose?: () => Promise<void>;
}

/**
 * A reader of pieces that come from elsewhere; each is copied once, into the target. What they return at their
 * end is how many bytes were behind it.
 */
export function pieceReader(
  pieces: AsyncIterable<Uint8Array, number | undefined>,
  { mostBytes, compressed, signal, onClose }: PieceReaderOptions,
): ByteReader {
  const iterator = pieces[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  let ended = false;
  let bytesBehind = 0;

  /** Hands on at most `count` bytes at a time until they are done or the pieces are. */
  async function take(count: number, use: (bytes: Uint8Array) => void): Promise<number> {
    let taken = 0;
    while (taken < count) {
      if (rest.length === 0) {
        if (ended) break;
        const next = await unlessAborted(iterator.next(), signal);
        if (next.done) {
          ended = true;
          bytesBehind = next.value ?? 0;
        } else rest = next.value;
        continue;
      }
      const part = rest.subarray(0, count - taken);
      use(part);
      taken += part.length;
      rest = rest.subarray(part.length);
    }
    return taken;
  }

  return {
    mostBytes,
    compressed,
    get bytesBehind() {
      return bytesBehind;
    },
    fill(target) {
      let at = 0;
      return take(target.length, (bytes) => {
        target.set(bytes, at);
        at += bytes.length;
      });
    },
    skip: (count) => take(count, () => {}),
    async close() {
      rest = new Uint8Array(0);
      // A source that never yields would keep return() waiting for ever: it is told, not awaited.
      if (!ended) void Promise.resolve(iterator.return?.()).catch(() => {});
      await onClose?.();
    },
  };
}
