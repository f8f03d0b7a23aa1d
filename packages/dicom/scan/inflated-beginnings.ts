import { constants, inflateRawSync } from 'node:zlib';
import {
  HEAD_BYTES,
  HEAD_GROWTH,
  LARGEST_HEADER_BYTES,
  SPARE_INFLATED_HEADER_BYTES,
} from '../limits.ts';
import type { FileBytes } from './head.ts';
import { UnreadableHeader } from './unreadable-header.ts';

/**
 * Deflated bytes that are not parted further where they inflate to too much: 4 MiB at most.
 * @internal
 */
const SMALLEST_STEP_BYTES = 4096;

export interface Beginning {
  readonly inflated: Buffer;
  /** It is the whole stream's. */
  readonly isAll: boolean;
}

/** What the header of a deflated data set may inflate to. */
export function mostInflated({ size }: FileBytes): number {
  return Math.min(LARGEST_HEADER_BYTES, SPARE_INFLATED_HEADER_BYTES + 2 * size);
}

/**
 * What ever longer beginnings of the deflated stream at the end of a file inflate to, up to
 * `mostInflated`, beyond which the samples, or a bomb, would be inflated for nothing.
 *
 * @throws UnreadableHeader
 */
export function* inflatedBeginnings(file: FileBytes, deflatedAt: number): Generator<Beginning> {
  const most = mostInflated(file);
  const all = file.size - deflatedAt;
  let done = 0;
  let tooMany = Number.POSITIVE_INFINITY;
  for (let taken = Math.min(HEAD_BYTES, all); ; ) {
    const isAll = taken === all;
    const inflated = inflate(file.read(deflatedAt, taken), { isAll, most });
    if (inflated === undefined) {
      tooMany = taken;
    } else {
      yield { inflated, isAll };
      done = taken;
    }
    if (isAll && inflated !== undefined) return;
    if (tooMany - done <= SMALLEST_STEP_BYTES) return;
    taken = Math.min(all, done * HEAD_GROWTH || all, Math.floor((done + tooMany) / 2));
  }
}

/** What a deflated stream, or its beginning, inflates to; undefined when that is more than `most`. */
function inflate(
  deflated: Buffer,
  { isAll, most }: { isAll: boolean; most: number },
): Buffer | undefined {
  const finishFlush = isAll ? constants.Z_FINISH : constants.Z_SYNC_FLUSH;
  try {
    return inflateRawSync(deflated, { finishFlush, maxOutputLength: most });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') return undefined;
    throw new UnreadableHeader(
      code === 'Z_BUF_ERROR' ? 'VOLUME_TRUNCATED' : 'VOLUME_CORRUPT',
      `the deflated data set cannot be inflated: ${message}`,
    );
  }
}
