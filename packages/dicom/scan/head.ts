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
 * Calls `use` with the beginning of a regular file, and something to read more of it with. What is no
 * regular file (a pipe, a device) is as if it were empty.
 */
export function withHead<T>(path: string, use: (head: Head, read: FileBytes) => T): T {
  const file = openSync(path, FLAGS);
  try {
    if (!fstatSync(file).isFile()) {
      return use({ fileBytes: 0, bytes: reused.subarray(0, 0) }, new FileBytes(file, 0));
    }
    const got = readSync(file, reused, 0, HEAD_BYTES, 0);
    const fileBytes = got < HEAD_BYTES ? got : fstatSync(file).size;
    return use({ fileBytes, bytes: reused.subarray(0, got) }, new FileBytes(file, fileBytes));
  } finally {
    closeSync(file);
  }
}

/** More of an open file, in buffers of its own. */
export class FileBytes {
  readonly size: number;
  readonly #file: number;

  constructor(file: number, size: number) {
    this.#file = file;
    this.size = size;
  }

  /** What there is of `length` bytes from `offset` on. */
  read(offset: number, length: number): Buffer {
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
