import type { ModalityLut, Palette, PixelLayout } from '../instance.ts';
import type { Attributes } from './attributes.ts';
import type { Header } from './header.ts';
import { expandSegments } from './segmented-palette.ts';
import { UnreadableHeader } from './unreadable-header.ts';

const SAMPLE_KINDS = [
  ['x7fe00010', 'integer'],
  ['x7fe00008', 'float'],
  ['x7fe00009', 'double'],
] as const;

/** The element that holds the samples, and their kind. Throws UnreadableHeader when there is none. */
export function pixelElement(attributes: Attributes): {
  tag: string;
  sampleKind: PixelLayout['sampleKind'];
} {
  for (const [tag, sampleKind] of SAMPLE_KINDS) {
    if (attributes.has(tag)) return { tag, sampleKind };
  }
  // JPIP: the pixels lie on another machine, and no address that a file names is ever opened.
  if (attributes.has('x00287fe0')) {
    throw new UnreadableHeader(
      'TRANSFER_SYNTAX_UNSUPPORTED',
      'expected PixelData (7FE0,0010) but got only an address, PixelDataProviderURL (0028,7FE0)',
    );
  }
  throw new UnreadableHeader(
    'VOLUME_TRUNCATED',
    'expected PixelData (7FE0,0010) but the file ends before it',
  );
}

/** The Image Pixel module (PS3.3 C.7.6.3). Throws UnreadableHeader for what cannot be. */
export function pixelLayoutOf({ attributes, transferSyntaxUid }: Header): PixelLayout {
  const { sampleKind } = pixelElement(attributes);
  const bitsAllocated = bitsAllocatedOf(attributes, sampleKind);
  const bitsStored = within(attributes.uint16('x00280101'), bitsAllocated) ?? bitsAllocated;
  const highBit = attributes.uint16('x00280102') ?? bitsStored - 1;
  const photometric = attributes.string('x00280004') ?? 'MONOCHROME2';
  const samplesPerPixel = attributes.uint16('x00280002') ?? 1;
  expect(
    [1, 3, 4].includes(samplesPerPixel),
    'SamplesPerPixel (0028,0002)',
    samplesPerPixel,
    '1 or 3',
  );
  return {
    rows: extent(attributes, 'x00280010', 'Rows (0028,0010)'),
    columns: extent(attributes, 'x00280011', 'Columns (0028,0011)'),
    samplesPerPixel,
    planarConfiguration: attributes.uint16('x00280006') === 1 ? 1 : 0,
    bitsAllocated,
    bitsStored,
    // A high bit that leaves no room for the stored bits is a slip of the writer.
    highBit: highBit >= bitsStored - 1 && highBit < bitsAllocated ? highBit : bitsStored - 1,
    isSigned: attributes.uint16('x00280103') === 1,
    sampleKind,
    photometric,
    palette: photometric === 'PALETTE COLOR' ? paletteOf(attributes) : undefined,
    transferSyntaxUid,
  };
}

function bitsAllocatedOf(attributes: Attributes, kind: PixelLayout['sampleKind']): number {
  if (kind === 'float') return 32;
  if (kind === 'double') return 64;
  const bits = attributes.uint16('x00280100') ?? 0;
  expect(
    [1, 8, 12, 16, 32].includes(bits),
    'BitsAllocated (0028,0100)',
    bits,
    '1, 8, 12, 16 or 32',
  );
  return bits;
}

function within(number: number | undefined, most: number): number | undefined {
  return number !== undefined && number >= 1 && number <= most ? number : undefined;
}

function extent(attributes: Attributes, tag: string, name: string): number {
  const value = attributes.uint16(tag) ?? 0;
  expect(value > 0, name, value, 'a number above 0');
  return value;
}

/** PS3.3 C.7.6.3.1.5 and C.7.9. */
function paletteOf(attributes: Attributes): Palette {
  const [entries = 0, firstMapped = 0, bits = 16] = attributes.uint16s('x00281101') ?? [];
  const colours = [
    ['x00281201', 'x00281221'],
    ['x00281202', 'x00281222'],
    ['x00281203', 'x00281223'],
  ].map(([plain = '', segmented = '']) => {
    const table = tableOf(attributes, plain, { entries: entries || 65536, bits });
    return table ?? expandSegments(attributes.uint16s(segmented), entries || 65536);
  });
  const [red, green, blue] = colours;
  if (red === undefined || green === undefined || blue === undefined) {
    throw new UnreadableHeader(
      'VOLUME_CORRUPT',
      'PALETTE COLOR without a palette of three colours',
    );
  }
  return {
    firstMapped: signedLike(attributes, firstMapped),
    bits: bits === 8 ? 8 : 16,
    red,
    green,
    blue,
  };
}

/** Entries of 8 bits stand two in a word, or one in each. */
function tableOf(
  attributes: Attributes,
  tag: string,
  { entries, bits }: { entries: number; bits: number },
): Uint16Array | undefined {
  const bytes = attributes.bytes(tag);
  if (bytes === undefined) return undefined;
  if (bits === 8 && bytes.length < 2 * entries) return Uint16Array.from(bytes.subarray(0, entries));
  return attributes.uint16s(tag)?.slice(0, entries);
}

/** ModalityLUTSequence (PS3.3 C.11.1). */
export function modalityLutOf(attributes: Attributes): ModalityLut | undefined {
  const item = attributes.item('x00283000');
  const [entries = 0, firstMapped = 0, bits = 16] = item?.uint16s('x00283002') ?? [];
  if (item === undefined) return undefined;
  const values = tableOf(item, 'x00283006', { entries: entries || 65536, bits });
  if (values === undefined || values.length === 0) return undefined;
  return { firstMapped: signedLike(attributes, firstMapped), values };
}

/** The first stored value of a table is US or SS, as the pixels are (PS3.3 C.11.1.1). */
function signedLike(attributes: Attributes, value: number): number {
  return attributes.uint16('x00280103') === 1 ? (value << 16) >> 16 : value;
}

function expect(holds: boolean, name: string, got: number, expected: string): void {
  if (holds) return;
  throw new UnreadableHeader('VOLUME_CORRUPT', `expected ${expected} for ${name} but got ${got}`);
}
