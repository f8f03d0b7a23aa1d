import dicomParser, { type Element } from 'dicom-parser';

/** Parsing ends at these: whoever wants the samples reads them. PixelData and its kin of floats. */
const SAMPLES: ReadonlySet<number> = new Set([0x7fe00010, 0x7fe00008, 0x7fe00009]);

/** VRs whose length has 32 bits (PS3.5 table 7.1-1). */
const LONG_VRS: ReadonlySet<string> = new Set([
  'OB',
  'OD',
  'OF',
  'OL',
  'OV',
  'OW',
  'SQ',
  'SV',
  'UC',
  'UN',
  'UR',
  'UT',
  'UV',
]);

const UNDEFINED_LENGTH = 0xffffffff;
/** Items and their delimiters have no VR. */
const ITEM_GROUP = 0xfffe;

export interface Encoding {
  readonly isImplicit: boolean;
  readonly isBigEndian: boolean;
}

/** Elements of a data set as far as they can be read. */
export interface Elements {
  readonly elements: Readonly<Record<string, Element>>;
  /** Where reading ended. */
  readonly end: number;
  readonly hasSamples: boolean;
  /** Why it ended before the bytes did. */
  readonly failure?: Failure | undefined;
}

export interface Failure {
  readonly isShort: boolean;
  readonly message: string;
  /** As many bytes would hold the element that did not fit, as far as it says. */
  readonly neededBytes: number;
}

/**
 * Reads the elements of the outermost level, up to the samples (PS3.5 section 7.1). Sequences of known
 * length are stepped over, and read when somebody asks for their items.
 *
 * @param group read only elements of this group
 */
export function readElements(
  bytes: Buffer,
  start: number,
  { isImplicit, isBigEndian, group }: Encoding & { readonly group?: number },
): Elements {
  const elements: Record<string, Element> = {};
  const uint16 = (at: number) => (isBigEndian ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at));
  const uint32 = (at: number) => (isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at));
  let at = start;
  while (at + 8 <= bytes.length) {
    const tagGroup = uint16(at);
    if (group !== undefined && tagGroup !== group) break;
    // A delimiter that belongs to nothing: its writer closed a sequence of known length.
    if (tagGroup === ITEM_GROUP) {
      at += 8;
      continue;
    }
    const number = tagGroup * 0x10000 + uint16(at + 2);
    const tag = `x${number.toString(16).padStart(8, '0')}`;
    const vr = isImplicit ? undefined : bytes.toString('latin1', at + 4, at + 6);
    const isLong = vr !== undefined && LONG_VRS.has(vr);
    const dataOffset = at + (isLong ? 12 : 8);
    if (dataOffset > bytes.length)
      return short({ elements, at, tag, length: 4, dataOffset }, bytes);
    const length = isLong ? uint32(at + 8) : vr === undefined ? uint32(at + 4) : uint16(at + 6);
    const element = { tag, vr, length, dataOffset } as Element;
    if (SAMPLES.has(number)) {
      if (length === UNDEFINED_LENGTH) element.hadUndefinedLength = true;
      elements[tag] = element;
      return { elements, end: dataOffset, hasSamples: true };
    }
    if (length === UNDEFINED_LENGTH) {
      try {
        elements[tag] = readUndefinedLength(bytes, at, { isImplicit, isBigEndian });
      } catch (error) {
        return { elements, end: at, hasSamples: false, failure: failed(error, tag, bytes) };
      }
      at = endOf(elements[tag]);
      continue;
    }
    if (dataOffset + length > bytes.length) {
      return short({ elements, at, tag, length, dataOffset }, bytes);
    }
    elements[tag] = element;
    at = dataOffset + length;
  }
  return { elements, end: at, hasSamples: false };
}

/** Sequences within sequences, which the parser follows to their delimiters. */
function readUndefinedLength(
  bytes: Buffer,
  at: number,
  { isImplicit, isBigEndian }: Encoding,
): Element & { end?: number } {
  const stream = streamAt(bytes, at, isBigEndian);
  const element: Element & { end?: number } = isImplicit
    ? dicomParser.readDicomElementImplicit(stream)
    : dicomParser.readDicomElementExplicit(stream, []);
  element.end = stream.position;
  return element;
}

function endOf(element: (Element & { end?: number }) | undefined): number {
  return element?.end ?? Number.MAX_SAFE_INTEGER;
}

export function streamAt(
  bytes: Buffer,
  at: number,
  isBigEndian: boolean,
): dicomParser.ByteStream & { warnings: string[] } {
  const parser = isBigEndian
    ? dicomParser.bigEndianByteArrayParser
    : dicomParser.littleEndianByteArrayParser;
  return new dicomParser.ByteStream(parser, bytes, at) as never;
}

function short(
  {
    elements,
    at,
    tag,
    length,
    dataOffset,
  }: {
    elements: Record<string, Element>;
    at: number;
    tag: string;
    length: number;
    dataOffset: number;
  },
  bytes: Buffer,
): Elements {
  const there = Math.max(0, bytes.length - dataOffset);
  const message = `expected ${length} bytes for ${tagName(tag)} but the file ends after ${there}`;
  const failure = { isShort: true, message, neededBytes: dataOffset + length };
  return { elements, end: at, hasSamples: false, failure };
}

/** dicom-parser throws texts as well as errors; of sequences nested too deep, the stack's end. */
function failed(error: unknown, tag: string, bytes: Buffer): Failure {
  const told = error instanceof Error ? error.message : String(error);
  const message = `expected a sequence in ${tagName(tag)} but got: ${told}`;
  return { isShort: false, message, neededBytes: bytes.length + 1 };
}

/** 'x00280010' as the standard writes it. */
export function tagName(tag: string): string {
  return `(${tag.slice(1, 5)},${tag.slice(5)})`.toUpperCase();
}
