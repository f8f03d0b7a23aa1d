import type { ByteReader } from './byte-reader.ts';
import { LARGEST_TEXT_HEADER_BYTES } from './limits.ts';

/** Bytes read at a time while the header's end is looked for. */
const STEP_BYTES = 4096;

export interface TextHeader {
  readonly lines: readonly string[];
  /** Bytes up to and with the header's last line. */
  readonly bytes: number;
  /** What was read beyond it. */
  readonly rest: Uint8Array;
}

/**
 * The lines at the beginning of a file, up to the first of which `isLast` says so; undefined when there is
 * none within the limit or the file.
 */
export async function readTextHeader(
  reader: ByteReader,
  isLast: (line: string) => boolean,
): Promise<TextHeader | undefined> {
  let read = Buffer.alloc(0);
  const lines: string[] = [];
  let at = 0;
  while (read.length < LARGEST_TEXT_HEADER_BYTES) {
    const step = new Uint8Array(STEP_BYTES);
    const got = await reader.fill(step);
    read = Buffer.concat([read, step.subarray(0, got)]);
    for (let end = read.indexOf(0x0a, at); end >= 0; end = read.indexOf(0x0a, at)) {
      const line = textOf(read.subarray(at, end)).replace(/\r$/, '');
      at = end + 1;
      lines.push(line);
      if (isLast(line)) return { lines, bytes: at, rest: read.subarray(at) };
    }
    if (got < step.length) {
      // A detached header may end without a line's end.
      if (at < read.length) lines.push(textOf(read.subarray(at)));
      return { lines, bytes: read.length, rest: new Uint8Array() };
    }
  }
  return undefined;
}

/** UTF-8, in which names of files are written, or Latin-1 where it is none. */
function textOf(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') ? bytes.toString('latin1') : text;
}
