/** One element to write: 'ggggeeee', VR, and its value; a sequence's value is its items. */
export type WrittenElement = readonly [tag: string, vr: string, value: WrittenValue];

type WrittenValue =
  | string
  | number
  | readonly number[]
  | Uint8Array
  | readonly (readonly WrittenElement[])[];

export interface WriteDicomOptions {
  /** Default explicit little endian. Only implicit and explicit little endian are written here. */
  readonly transferSyntaxUid?: string;
  /** Without it the file begins with the data set. */
  readonly preamble?: boolean;
}

const IMPLICIT = '1.2.840.10008.1.2';
const LONG_VRS = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'UC', 'UN', 'UR', 'UT']);

/**
 * The bytes of a DICOM file (PS3.10) for tests and benches: group 2, then the elements in the order
 * of their tags.
 *
 * @example
 * dicomFile([['00280010', 'US', 512], ['7FE00010', 'OW', samples]]);
 */
export function dicomFile(
  elements: readonly WrittenElement[],
  { transferSyntaxUid = '1.2.840.10008.1.2.1', preamble = true }: WriteDicomOptions = {},
): Uint8Array {
  const isImplicit = transferSyntaxUid === IMPLICIT;
  const body = dataSet(elements, isImplicit);
  if (!preamble) return body;
  const meta = dataSet(
    [
      ['00020001', 'OB', Uint8Array.of(0, 1)],
      ['00020010', 'UI', transferSyntaxUid],
    ],
    false,
  );
  const length = dataSet([['00020000', 'UL', meta.length]], false);
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), length, meta, body]);
}

function dataSet(elements: readonly WrittenElement[], isImplicit: boolean): Uint8Array {
  const sorted = [...elements].sort(([a], [b]) => (a.toUpperCase() < b.toUpperCase() ? -1 : 1));
  return Buffer.concat(sorted.map((element) => elementBytes(element, isImplicit)));
}

function elementBytes([tag, vr, value]: WrittenElement, isImplicit: boolean): Uint8Array {
  const bytes = vr === 'SQ' ? itemsBytes(value as never, isImplicit) : valueBytes(vr, value);
  const isLong = isImplicit || LONG_VRS.has(vr);
  const head = Buffer.alloc(isImplicit || !isLong ? 8 : 12);
  head.writeUInt16LE(Number.parseInt(tag.slice(0, 4), 16), 0);
  head.writeUInt16LE(Number.parseInt(tag.slice(4), 16), 2);
  if (!isImplicit) head.write(vr, 4, 'latin1');
  if (isLong) head.writeUInt32LE(bytes.length, head.length - 4);
  else head.writeUInt16LE(bytes.length, 6);
  return Buffer.concat([head, bytes]);
}

function itemsBytes(
  items: readonly (readonly WrittenElement[])[],
  isImplicit: boolean,
): Uint8Array {
  return Buffer.concat(
    items.flatMap((item) => {
      const body = dataSet(item, isImplicit);
      const head = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
      head.writeUInt32LE(body.length, 4);
      return [head, body];
    }),
  );
}

/** Padded to an even length: with a blank, or with a zero where the standard wants that. */
function valueBytes(vr: string, value: WrittenValue): Uint8Array {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'latin1') : numberBytes(vr, value);
  if (bytes.length % 2 === 0) return bytes;
  const isText = typeof value === 'string' && vr !== 'UI';
  return Buffer.concat([bytes, Uint8Array.of(isText ? 0x20 : 0)]);
}

function numberBytes(vr: string, value: WrittenValue): Uint8Array {
  if (value instanceof Uint8Array) return value;
  const numbers = (typeof value === 'number' ? [value] : value) as readonly number[];
  switch (vr) {
    case 'US':
      return bytesOf(Uint16Array.from(numbers));
    case 'SS':
      return bytesOf(Int16Array.from(numbers));
    case 'UL':
      return bytesOf(Uint32Array.from(numbers));
    case 'SL':
      return bytesOf(Int32Array.from(numbers));
    case 'FL':
    case 'OF':
      return bytesOf(Float32Array.from(numbers));
    case 'FD':
    case 'OD':
      return bytesOf(Float64Array.from(numbers));
    case 'AT':
      return bytesOf(Uint16Array.from(numbers.flatMap((tag) => [tag >>> 16, tag & 0xffff])));
    default:
      return Buffer.from(numbers.join('\\'), 'latin1');
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: NodeJS.TypedArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
