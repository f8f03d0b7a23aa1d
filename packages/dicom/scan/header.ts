import { inflateRawSync } from 'node:zlib';
import dicomParser from 'dicom-parser';
import { LARGEST_HEADER_BYTES, LARGEST_INFLATED_BYTES } from '../limits.ts';
import { Attributes } from './attributes.ts';
import type { FileBytes, Head } from './head.ts';
import {
  DEFLATED_EXPLICIT,
  EXPLICIT_BIG_ENDIAN,
  guessedSyntax,
  IMPLICIT_LITTLE_ENDIAN,
  startOfElements,
} from './transfer-syntax-of.ts';
import { UnreadableHeader } from './unreadable-header.ts';

/** Parsing ends here; the samples behind it are read by whoever wants them. */
const PIXEL_DATA = 'x7fe00010';

/** FloatPixelData and DoubleFloatPixelData: known lengths, so parsing jumps over them. */
const OTHER_PIXEL_DATA = ['x7fe00008', 'x7fe00009'];

/** A file's attributes up to its samples. */
export interface Header {
  readonly attributes: Attributes;
  readonly transferSyntaxUid: string;
  /** Where the deflated stream begins; offsets of elements then count in what it inflates to. */
  readonly deflatedAt?: number;
  /** Bytes that elements can lie in: of the file, or of the inflated data set. */
  readonly size: number;
  /** Bytes at an offset of the data set. */
  read(offset: number, length: number): Buffer;
}

/**
 * Reads a header (PS3.10 section 7, PS3.5 section 7); undefined when the file is not DICOM. More of the
 * file is read only where its beginning does not hold all of the header.
 *
 * @throws UnreadableHeader
 */
export function readHeader(head: Head, file: FileBytes): Header | undefined {
  const start = startOfElements(head.bytes);
  if (start === undefined) return undefined;
  const first = parse(head.bytes, start, file);
  if (first !== undefined) return first;
  // The header goes on beyond the head, or pixel data is missing: only the whole file tells.
  const all = file.read(0, Math.min(file.size, LARGEST_HEADER_BYTES));
  return parse(all, start, file, { isAll: true });
}

/** Undefined when these bytes are not all and hold no end of the header. */
function parse(
  bytes: Buffer,
  start: number,
  file: FileBytes,
  { isAll = bytes.length === file.size } = {},
): Header | undefined {
  try {
    return parseAll(bytes, start, file, isAll);
  } catch (error) {
    if (!isAll) return undefined;
    if (error instanceof UnreadableHeader) throw error;
    throw UnreadableHeader.because(error);
  }
}

function parseAll(
  bytes: Buffer,
  start: number,
  file: FileBytes,
  isAll: boolean,
): Header | undefined {
  const stream = new dicomParser.ByteStream(dicomParser.littleEndianByteArrayParser, bytes, start);
  const meta = metaGroup(stream, bytes);
  const told = meta.string('x00020010');
  const transferSyntaxUid = told ?? guessedSyntax(bytes.subarray(stream.position));
  if (transferSyntaxUid === undefined) throw UnreadableHeader.because('no transfer syntax');
  if (transferSyntaxUid === DEFLATED_EXPLICIT) {
    const deflatedAt = stream.position;
    const inflated = inflate(file.read(deflatedAt, file.size - deflatedAt));
    const attributes = elementsOf(inflated, 0, transferSyntaxUid, { mustEnd: true });
    const read = (offset: number, length: number) => inflated.subarray(offset, offset + length);
    return { attributes, transferSyntaxUid, deflatedAt, size: inflated.length, read };
  }
  const attributes = elementsOf(bytes, stream.position, transferSyntaxUid, { mustEnd: isAll });
  if (!isAll && !reachesSamples(attributes)) return undefined;
  const read = (offset: number, length: number) =>
    offset + length <= bytes.length
      ? bytes.subarray(offset, offset + length)
      : file.read(offset, length);
  return { attributes, transferSyntaxUid, size: file.size, read };
}

/** Group 2 is explicit little endian, whatever follows. */
function metaGroup(stream: dicomParser.ByteStream, bytes: Buffer): Attributes {
  const elements: Record<string, dicomParser.Element> = {};
  while (stream.position + 8 <= bytes.length && bytes.readUInt16LE(stream.position) === 2) {
    const element = dicomParser.readDicomElementExplicit(stream, []);
    elements[element.tag] = element;
  }
  return new Attributes({ bytes, elements, isBigEndian: false });
}

function elementsOf(
  bytes: Buffer,
  start: number,
  transferSyntaxUid: string,
  { mustEnd }: { mustEnd: boolean },
): Attributes {
  const isBigEndian = transferSyntaxUid === EXPLICIT_BIG_ENDIAN;
  const parser = isBigEndian
    ? dicomParser.bigEndianByteArrayParser
    : dicomParser.littleEndianByteArrayParser;
  const stream = new dicomParser.ByteStream(parser, bytes, start);
  const elements: Record<string, dicomParser.Element> = {};
  const dataSet = { elements, warnings: [] as string[], byteArray: bytes, byteArrayParser: parser };
  const until = { untilTag: PIXEL_DATA };
  const attributes = new Attributes({ bytes, elements, isBigEndian });
  try {
    if (transferSyntaxUid === IMPLICIT_LITTLE_ENDIAN) {
      dicomParser.parseDicomDataSetImplicit(dataSet as never, stream, bytes.length, until);
    } else {
      dicomParser.parseDicomDataSetExplicit(dataSet as never, stream, bytes.length, until);
    }
  } catch (error) {
    if (mustEnd && !reachesSamples(attributes)) throw error;
  }
  return attributes;
}

function reachesSamples(attributes: Attributes): boolean {
  return [PIXEL_DATA, ...OTHER_PIXEL_DATA].some((tag) => attributes.has(tag));
}

function inflate(deflated: Buffer): Buffer {
  try {
    return inflateRawSync(deflated, { maxOutputLength: LARGEST_INFLATED_BYTES });
  } catch (error) {
    throw UnreadableHeader.because(error, 'the deflated data set cannot be inflated');
  }
}
