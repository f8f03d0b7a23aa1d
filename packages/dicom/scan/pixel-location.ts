import type { ByteRange, PixelLayout, PixelLocation } from '../instance.ts';
import { nativeFrameBits } from '../pixels/native-frame.ts';
import { TRANSFER_SYNTAXES } from '../pixels/transfer-syntaxes.ts';
import { tagName } from './elements.ts';
import { framesOfFragments } from './fragments.ts';
import type { Header } from './header.ts';
import { pixelElement } from './pixel-layout.ts';
import { EXPLICIT_BIG_ENDIAN, EXPLICIT_LITTLE_ENDIAN } from './transfer-syntax-of.ts';
import { UnreadableHeader } from './unreadable-header.ts';

const UNDEFINED_LENGTH = 0xffffffff;
const NATIVE = new Set([
  '1.2.840.10008.1.2',
  EXPLICIT_LITTLE_ENDIAN,
  EXPLICIT_BIG_ENDIAN,
  '1.2.840.10008.1.2.1.99',
]);

/** Where the samples lie; everything is held against the file's size. Throws UnreadableHeader. */
export function pixelLocationOf(
  header: Header,
  layout: PixelLayout,
  frameCount: number,
): PixelLocation {
  const { attributes, size, deflatedAt } = header;
  const { tag } = pixelElement(attributes);
  const element = attributes.element(tag);
  if (element === undefined) throw new UnreadableHeader('VOLUME_TRUNCATED', 'no pixel data');
  const { dataOffset, hadUndefinedLength } = element;
  expectSupported(layout.transferSyntaxUid);
  if (!NATIVE.has(layout.transferSyntaxUid) || hadUndefinedLength === true) {
    return { kind: 'encapsulated', frames: framesOfFragments(header, dataOffset, frameCount) };
  }
  const length = element.length === UNDEFINED_LENGTH ? size - dataOffset : element.length;
  // Frames of single bits share bytes (PS3.5 section 8.1.1).
  const needed = Math.ceil((nativeFrameBits(layout) * frameCount) / 8);
  const there = Math.min(length, size - dataOffset);
  if (there < needed) {
    throw new UnreadableHeader(
      'VOLUME_TRUNCATED',
      `expected ${needed} bytes of PixelData ${tagName(tag)} for ${frameCount} x ${layout.rows} x ${layout.columns} pixels but got ${there}`,
    );
  }
  // Of what is deflated no more is inflated than the samples need.
  const range: ByteRange = [dataOffset, deflatedAt === undefined ? there : needed];
  return { kind: 'native', range, isInWords: element.vr !== 'OB', deflatedDataSetAt: deflatedAt };
}

/** One that no decoder knows may mean any order of bytes: nothing behind it is believed. */
function expectSupported(uid: string): void {
  const known = TRANSFER_SYNTAXES[uid];
  if (known?.codec !== undefined) return;
  const got = known === undefined ? uid : `${uid} (${known.name})`;
  throw new UnreadableHeader(
    'TRANSFER_SYNTAX_UNSUPPORTED',
    `expected a transfer syntax that is read here for TransferSyntaxUID (0002,0010) but got ${got}`,
  );
}
