import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { HEAD_BYTES } from '../limits.ts';

/** A file opened for its header; `bytes` are its first, or all of them. */
export interface Head {
  readonly fileBytes: number;
  readonly bytes: Buffer;
}

// One buffer for the thread: nothing that a scan gives points into it.
const reused = Buffer.alloc(HEAD_BYTES);

// A pipe that nobody writes to would hold the thread up, where not even its end reaches it.
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

/**
 * Calls `use` with the beginning of a regular file, and something to read more of it with: up to byte
 * `most`, beyond which reading throws BeyondHead. What is no regular file (a pipe, a device) is as if it
 * were empty.
 */
export function withHead<T>(
  path: string,
  use: (head: Head, read: FileBytes) => T,
  most = Number.POSITIVE_INFINITY,
): T {
  const file = openSync(path, FLAGS);
  try {
    const status = fstatSync(file);
    const fileBytes = status.isFile() ? status.size : 0;
    const got = fileBytes === 0 ? 0 : readSync(file, reused, 0, HEAD_BYTES, 0);
    const head = { fileBytes, bytes: reused.subarray(0, got) };
    return use(head, new FileBytes(file, { size: fileBytes, most }));
  } finally {
    closeSync(file);
  }
}

/** More of a file is asked for than may be read of it. */
export class BeyondHead extends Error {}

/** More of an open file, in buffers of its own. */
export class FileBytes {
  readonly size: number;
  readonly #most: number;
  readonly #file: number;

  constructor(file: number, { size, most }: { size: number; most: number }) {
    this.#file = file;
    this.size = size;
    this.#most = most;
  }

  /** Throws BeyondHead unless all of the file may be read. */
  expectAll(): void {
    if (this.#most < Number.POSITIVE_INFINITY) throw new BeyondHead();
  }

  /** What there is of `length` bytes from `offset` on. */
  read(offset: number, length: number): Buffer {
    if (offset + length > this.#most) throw new BeyondHead();
    const most = Math.max(0, Math.min(length, this.size - offset));
    const bytes = Buffer.allocUnsafe(most);
    let got = 0;
    while (got < most) {
      const count = readSync(this.#file, bytes, got, most - got, offset + got);
      if (count === 0) break;
      got += count;
    }
    return bytes.subarray(0, got);
  }
}
