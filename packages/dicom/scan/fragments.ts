import type { ByteRange } from '../instance.ts';
import { MOST_FRAGMENTS } from '../limits.ts';
import type { Header } from './header.ts';
import { UnreadableHeader } from './unreadable-header.ts';

const ITEM = 0xe000fffe;
const DELIMITER = 0xe0ddfffe;

/** Items are looked for in stretches of this length, so that a file of 100,000 is not 100,000 reads. */
const STRETCH_BYTES = 64 * 1024;

/** RLE's header: the count of segments, then 15 offsets (PS3.5 annex G.5). */
const RLE_HEADER_BYTES = 64;
/**
 * A bound.
 * @internal
 */
const MOST_RLE_SEGMENTS = 15;

/**
 * The fragments of every frame of encapsulated pixel data (PS3.5 A.4). The offset tables are believed
 * where they meet the items; otherwise one fragment is one frame when the counts agree, and else a frame
 * begins where a code stream does.
 *
 * @throws UnreadableHeader when the items end early or give another number of frames
 */
export function framesOfFragments(
  header: Header,
  dataOffset: number,
  frameCount: number,
): readonly (readonly ByteRange[])[] {
  const [table, ...fragments] = itemsOf(header, dataOffset);
  if (table === undefined || fragments.length === 0) {
    throw new UnreadableHeader(
      'VOLUME_TRUNCATED',
      'expected a fragment of PixelData (7FE0,0010) but there is none',
    );
  }
  if (frameCount === 1) return [fragments];
  if (fragments.length === frameCount) return fragments.map((fragment) => [fragment]);
  const starts =
    startsByTable(extendedOffsets(header), fragments, frameCount) ??
    startsByTable(basicOffsets(header, table), fragments, frameCount) ??
    startsByStreams(header, fragments, frameCount);
  if (starts === undefined) {
    throw new UnreadableHeader(
      'VOLUME_CORRUPT',
      `expected ${frameCount} frames in ${fragments.length} fragments of PixelData (7FE0,0010), but neither their number, an offset table nor the code streams' beginnings part them`,
    );
  }
  return starts.map((start, n) => fragments.slice(start, starts[n + 1]));
}

/** The ranges of the items, the offset table first, up to the delimiter. */
function itemsOf(header: Header, dataOffset: number): ByteRange[] {
  const items: ByteRange[] = [];
  let stretch = Buffer.alloc(0);
  let stretchAt = 0;
  for (let at = dataOffset; ; ) {
    if (at < stretchAt || at + 8 > stretchAt + stretch.length) {
      stretch = Buffer.from(
        header.read(at, Math.min(STRETCH_BYTES, Math.max(0, header.size - at))),
      );
      stretchAt = at;
    }
    // Many a writer leaves the delimiter out at the file's end.
    if (stretch.length < 8) return items;
    const tag = stretch.readUInt32LE(at - stretchAt);
    const length = stretch.readUInt32LE(at - stretchAt + 4);
    if (tag === DELIMITER) return items;
    if (tag !== ITEM) {
      throw new UnreadableHeader(
        'VOLUME_CORRUPT',
        `expected an item of PixelData (7FE0,0010) at byte ${at} but got other bytes`,
      );
    }
    if (length > header.size - at - 8) {
      throw new UnreadableHeader(
        'VOLUME_TRUNCATED',
        `expected a fragment of ${length} bytes at byte ${at + 8} but the file ends after ${header.size - at - 8}`,
      );
    }
    if (items.length > MOST_FRAGMENTS) {
      throw new UnreadableHeader(
        'VOLUME_CORRUPT',
        `expected at most ${MOST_FRAGMENTS} fragments in PixelData (7FE0,0010) but there are more`,
      );
    }
    items.push([at + 8, length]);
    at += 8 + length;
  }
}

/** Offsets of the frames, counted from the first fragment's item. */
function basicOffsets(header: Header, [offset, length]: ByteRange): number[] {
  const bytes = header.read(offset, length - (length % 4));
  return Array.from({ length: bytes.length / 4 }, (_, n) => bytes.readUInt32LE(4 * n));
}

/** ExtendedOffsetTable (PS3.3 C.7.6.3.1.8): 64 bits. */
function extendedOffsets({ attributes }: Header): number[] {
  const bytes = attributes.bytes('x7fe00001');
  if (bytes === undefined || bytes.length % 8 !== 0) return [];
  return Array.from({ length: bytes.length / 8 }, (_, n) => Number(bytes.readBigUInt64LE(8 * n)));
}

/** Which fragment each frame begins with; undefined when the table does not meet the items. */
function startsByTable(
  offsets: readonly number[],
  fragments: readonly ByteRange[],
  frameCount: number,
): number[] | undefined {
  if (offsets.length !== frameCount || offsets[0] !== 0) return undefined;
  const base = (fragments[0]?.[0] ?? 0) - 8;
  const indexOf = new Map(fragments.map(([offset], n) => [offset - 8 - base, n]));
  const starts = offsets.map((offset) => indexOf.get(offset));
  const isRising = starts.every(
    (start, n) => start !== undefined && (n === 0 || start > (starts[n - 1] ?? start)),
  );
  return isRising ? (starts as number[]) : undefined;
}

function startsByStreams(
  header: Header,
  fragments: readonly ByteRange[],
  frameCount: number,
): number[] | undefined {
  const starts = fragments.flatMap(([offset, length], n) => {
    return isStreamStart(header.read(offset, Math.min(RLE_HEADER_BYTES, length))) ? [n] : [];
  });
  return starts.length === frameCount && starts[0] === 0 ? starts : undefined;
}

/** How the code streams of the encapsulated syntaxes begin: JPEG and its kin, JPEG 2000, RLE. */
function isStreamStart(bytes: Buffer): boolean {
  if (bytes[0] === 0xff && (bytes[1] === 0xd8 || bytes[1] === 0x4f)) return true;
  if (bytes.length < RLE_HEADER_BYTES) return false;
  const segments = bytes.readUInt32LE(0);
  const isCount = segments >= 1 && segments <= MOST_RLE_SEGMENTS;
  return isCount && bytes.readUInt32LE(4) === RLE_HEADER_BYTES;
}
