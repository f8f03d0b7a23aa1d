import { HEAD_GROWTH, LARGEST_HEADER_BYTES } from '../limits.ts';
import { Attributes } from './attributes.ts';
import { type Elements, readElements } from './elements.ts';
import type { FileBytes, Head } from './head.ts';
import { inflatedBeginnings, mostInflated } from './inflated-beginnings.ts';
import {
  DEFLATED_EXPLICIT,
  encodingOf,
  guessedSyntax,
  startOfElements,
} from './transfer-syntax-of.ts';
import { UnreadableHeader } from './unreadable-header.ts';

/** A file's attributes up to its samples. */
export interface Header {
  readonly attributes: Attributes;
  readonly transferSyntaxUid: string;
  /** SOPClassUID, or the meta group's where the data set does not come to it. */
  readonly sopClassUid: string;
  /** Where the deflated stream begins; offsets of elements then count in what it inflates to. */
  readonly deflatedAt?: number;
  /** Bytes that elements can lie in: of the file, or of the inflated data set. */
  readonly size: number;
  /** Why the header ends before its samples and before the file. */
  readonly failure?: UnreadableHeader | undefined;
  /** Bytes at an offset of the data set. */
  read(offset: number, length: number): Buffer;
}

/**
 * Reads a header (PS3.10 section 7, PS3.5 section 7); undefined when the file is not DICOM. More of the
 * file is read only where its beginning does not hold all of the header. A header that ends early comes
 * with what it has, and `failure`.
 *
 * @throws UnreadableHeader when nothing can be read
 */
export function readHeader(head: Head, file: FileBytes): Header | undefined {
  const start = startOfElements(head.bytes);
  if (start === undefined) return undefined;
  const most = Math.min(file.size, LARGEST_HEADER_BYTES);
  for (let bytes = head.bytes; ; ) {
    const isAll = bytes.length >= most;
    const read = readFrom(bytes, start, file);
    if ('header' in read) return read.header;
    if (isAll) return headerOf(read.elements, { ...read, bytes, file });
    const needed = Math.max(HEAD_GROWTH * bytes.length, read.elements.failure?.neededBytes ?? 0);
    bytes = file.read(0, Math.min(most, needed));
    // A file that has become shorter since.
    if (bytes.length < Math.min(most, needed)) {
      throw new UnreadableHeader('VOLUME_TRUNCATED', 'the file changed while it was read');
    }
  }
}

/** What the meta group says of the data set behind it. */
interface Meta {
  readonly transferSyntaxUid: string;
  readonly sopClassUid: string | undefined;
}

type Read =
  | { readonly header: Header }
  | { readonly elements: Elements; readonly meta: Meta; readonly isBigEndian: boolean };

/** The header, or elements that do not reach the samples. */
function readFrom(bytes: Buffer, start: number, file: FileBytes): Read {
  const group = readElements(bytes, start, { isImplicit: false, isBigEndian: false, group: 2 });
  const told = new Attributes({ ...group, bytes, isBigEndian: false });
  const dataSet = bytes.subarray(group.end);
  const transferSyntaxUid = told.string('x00020010') ?? guessedSyntax(dataSet);
  if (transferSyntaxUid === undefined) {
    throw new UnreadableHeader(
      'VOLUME_CORRUPT',
      'expected a TransferSyntaxUID (0002,0010), none is there',
    );
  }
  const meta = { transferSyntaxUid, sopClassUid: told.string('x00020002') };
  if (transferSyntaxUid === DEFLATED_EXPLICIT) {
    return { header: deflatedHeader(file, group.end, meta) };
  }
  const encoding = encodingOf(transferSyntaxUid, dataSet);
  const elements = readElements(bytes, group.end, encoding);
  const { isBigEndian } = encoding;
  if (!elements.hasSamples) return { elements, meta, isBigEndian };
  return { header: headerOf(elements, { meta, isBigEndian, bytes, file }) };
}

function headerOf(
  { elements, failure }: Elements,
  origin: { meta: Meta; isBigEndian: boolean; bytes: Buffer; file: FileBytes },
): Header {
  const { meta, isBigEndian, bytes, file } = origin;
  const attributes = new Attributes({ bytes, elements, isBigEndian });
  return {
    attributes,
    ...identified(attributes, meta),
    size: file.size,
    failure: UnreadableHeader.of(failure),
    read: (offset, length) =>
      offset + length <= bytes.length
        ? bytes.subarray(offset, offset + length)
        : file.read(offset, length),
  };
}

/**
 * PS3.5 annex A.5: all behind the meta group is one deflated stream. Its beginning is inflated, as far as
 * the header goes: what the samples would inflate to is not known before the header is.
 */
function deflatedHeader(file: FileBytes, deflatedAt: number, meta: Meta): Header {
  // A few bytes of it say many: who looks into short headers alone has no bound on these.
  file.expectAll();
  const encoding = { isImplicit: false, isBigEndian: false };
  for (const { inflated, isAll } of inflatedBeginnings(file, deflatedAt)) {
    const { elements, hasSamples, end, failure } = readElements(inflated, 0, encoding);
    if (!hasSamples && !isAll) continue;
    const attributes = new Attributes({ bytes: inflated, elements, isBigEndian: false });
    return {
      attributes,
      ...identified(attributes, meta),
      deflatedAt,
      // The element of the samples is the last one read: it is believed until it is inflated.
      size: hasSamples ? end + (Object.values(elements).at(-1)?.length ?? 0) : inflated.length,
      failure: UnreadableHeader.of(failure),
      read: (offset, length) => inflated.subarray(offset, offset + length),
    };
  }
  throw new UnreadableHeader(
    'VOLUME_CORRUPT',
    `expected a header of at most ${mostInflated(file)} bytes in the deflated data set but got more`,
  );
}

function identified(attributes: Attributes, { transferSyntaxUid, sopClassUid }: Meta) {
  return {
    transferSyntaxUid,
    sopClassUid: attributes.string('x00080016') ?? sopClassUid ?? '',
  };
}
