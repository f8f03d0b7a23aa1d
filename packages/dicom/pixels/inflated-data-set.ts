import { readFileSync, statSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { BYTES_AFTER_SAMPLES, LARGEST_INFLATED_BYTES, LARGEST_KEPT_BYTES } from '../limits.ts';
import { corruptFrame } from './decode-error.ts';

interface Kept {
  readonly key: string;
  readonly bytes: Buffer;
}

/** The frames of a file are asked for in batches, and its one stream would be inflated for each. */
let kept: Kept | undefined;

/**
 * A deflated data set (PS3.5 annex A.5), of a file whose header has been read: up to its samples' end it
 * has `needed` bytes, and not much more is inflated, whatever the stream would become.
 *
 * @throws SextantError VOLUME_CORRUPT
 */
export function inflatedDataSet(path: string, deflatedAt: number, needed: number): Buffer {
  const { size, mtimeMs } = statSync(path);
  const key = `${path} ${size} ${mtimeMs}`;
  if (kept?.key === key) return kept.bytes;
  kept = undefined;
  const most = Math.min(needed + BYTES_AFTER_SAMPLES, LARGEST_INFLATED_BYTES);
  const bytes = inflated(readFileSync(path).subarray(deflatedAt), most);
  if (bytes.length <= LARGEST_KEPT_BYTES) kept = { key, bytes };
  return bytes;
}

function inflated(deflated: Buffer, maxOutputLength: number): Buffer {
  try {
    return inflateRawSync(deflated, { maxOutputLength });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const got =
      code === 'ERR_BUFFER_TOO_LARGE'
        ? `a deflated data set that inflates to more than ${maxOutputLength} bytes`
        : `a deflated data set that cannot be inflated: ${message}`;
    throw corruptFrame(got, 'one of the size that its header says');
  }
}
