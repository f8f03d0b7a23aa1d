import dicomParser, { type Element } from 'dicom-parser';
import type { Vec3 } from '#geometry';
import { LONGEST_VALUE_BYTES } from '../limits.ts';
import { streamAt } from './elements.ts';

/** A number as DS and IS write it (PS3.5 table 6.2-1), and nothing else. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** (FFFE,E000), an item's tag, as four bytes in little endian. */
const ITEM = 0xe000fffe;

/** Last digits of a private group (PS3.5 section 7.8). */
const ODD: ReadonlySet<string | undefined> = new Set('13579bdf');

interface Source {
  readonly bytes: Buffer;
  readonly elements: Readonly<Record<string, Element>>;
  readonly isBigEndian: boolean;
}

/**
 * The values of one data set or sequence item, by tags as 'x00280010'. What is absent, empty or not as
 * its VR says is undefined: never NaN, never a guess.
 */
export class Attributes {
  readonly #source: Source;
  #privateBlocks: ReadonlyMap<string, string> | undefined;

  constructor(source: Source) {
    this.#source = source;
  }

  has(tag: string): boolean {
    return this.#source.elements[tag] !== undefined;
  }

  element(tag: string): Element | undefined {
    return this.#source.elements[tag];
  }

  /**
   * The tag of a private element, whose block its creator reserves (PS3.5 section 7.8.1); undefined
   * unless creator and element are there.
   */
  privateTag(group: string, creator: string, element: number): string | undefined {
    this.#privateBlocks ??= this.#reservations();
    const block = this.#privateBlocks.get(`${group}${creator.toUpperCase()}`);
    if (block === undefined) return undefined;
    const tag = `${block}${element.toString(16).padStart(2, '0')}`;
    return this.has(tag) ? tag : undefined;
  }

  /** What the tags of a block begin with, by its group and creator. */
  #reservations(): Map<string, string> {
    const blocks = new Map<string, string>();
    for (const tag of Object.keys(this.#source.elements)) {
      if (tag[5] !== '0' || tag[6] !== '0' || !ODD.has(tag[4])) continue;
      if (tag < `${tag.slice(0, 5)}0010`) continue;
      const key = `${tag.slice(1, 5)}${this.string(tag)?.toUpperCase()}`;
      if (!blocks.has(key)) blocks.set(key, `${tag.slice(0, 5)}${tag.slice(7)}`);
    }
    return blocks;
  }

  /** The value's own bytes, which live no longer than the header. */
  bytes(tag: string): Buffer | undefined {
    const element = this.#source.elements[tag];
    if (element === undefined || element.items !== undefined) return undefined;
    const { dataOffset, length } = element;
    const { bytes } = this.#source;
    if (length === 0 || dataOffset + length > bytes.length) return undefined;
    return bytes.subarray(dataOffset, dataOffset + length);
  }

  /** The whole text, without the blanks and zeros around it. */
  string(tag: string): string | undefined {
    const element = this.#source.elements[tag];
    if (element === undefined || element.items !== undefined) return undefined;
    const { dataOffset, length } = element;
    const { bytes } = this.#source;
    if (length > LONGEST_VALUE_BYTES || dataOffset + length > bytes.length) return undefined;
    const whole = bytes.toString('latin1', dataOffset, dataOffset + length);
    const zero = whole.indexOf('\0');
    const text = (zero === -1 ? whole : whole.slice(0, zero)).trim();
    return text === '' ? undefined : text;
  }

  strings(tag: string): string[] {
    return (this.string(tag) ?? '').split('\\').map((part) => part.trim());
  }

  /** DS or IS; the first of several. Writers that know better use FD: that is read too. */
  decimal(tag: string): number | undefined {
    return this.decimals(tag)?.[0];
  }

  /** Undefined unless each of them is a number. */
  decimals(tag: string): number[] | undefined {
    const element = this.#source.elements[tag];
    if (element?.vr === 'FD' || element?.vr === 'FL') return this.floats(tag, element.vr);
    const text = this.string(tag);
    if (text === undefined) return undefined;
    const parts = text.split('\\').map((part) => part.trim());
    return parts.every((part) => DECIMAL.test(part)) ? parts.map(Number) : undefined;
  }

  vector(tag: string): Vec3 | undefined {
    const [x, y, z, ...more] = this.decimals(tag) ?? [];
    if (x === undefined || y === undefined || z === undefined || more.length > 0) return undefined;
    return [x, y, z];
  }

  integer(tag: string): number | undefined {
    const number = this.decimal(tag);
    return Number.isSafeInteger(number) ? number : undefined;
  }

  uint16(tag: string, index = 0): number | undefined {
    return this.uint16s(tag)?.[index];
  }

  uint16s(tag: string): Uint16Array | undefined {
    const bytes = this.bytes(tag);
    if (bytes === undefined || bytes.length % 2 !== 0) return undefined;
    if (bytes.length > LONGEST_VALUE_BYTES) return undefined;
    const { isBigEndian } = this.#source;
    return Uint16Array.from({ length: bytes.length / 2 }, (_, n) =>
      isBigEndian ? bytes.readUInt16BE(2 * n) : bytes.readUInt16LE(2 * n),
    );
  }

  uint32s(tag: string): number[] | undefined {
    const bytes = this.bytes(tag);
    if (bytes === undefined || bytes.length % 4 !== 0) return undefined;
    if (bytes.length > LONGEST_VALUE_BYTES) return undefined;
    const { isBigEndian } = this.#source;
    return Array.from({ length: bytes.length / 4 }, (_, n) =>
      isBigEndian ? bytes.readUInt32BE(4 * n) : bytes.readUInt32LE(4 * n),
    );
  }

  /** FD or FL, whichever `vr` says: in implicit VR the file does not. */
  floats(tag: string, vr: 'FD' | 'FL'): number[] | undefined {
    const bytes = this.bytes(tag);
    const size = vr === 'FD' ? 8 : 4;
    if (bytes === undefined || bytes.length % size !== 0) return undefined;
    if (bytes.length > LONGEST_VALUE_BYTES) return undefined;
    const { isBigEndian } = this.#source;
    const at = (n: number): number => {
      if (vr === 'FD') return isBigEndian ? bytes.readDoubleBE(n) : bytes.readDoubleLE(n);
      return isBigEndian ? bytes.readFloatBE(n) : bytes.readFloatLE(n);
    };
    const numbers = Array.from({ length: bytes.length / size }, (_, n) => at(n * size));
    return numbers.every(Number.isFinite) ? numbers : undefined;
  }

  /** FD; a writer that used another VR for numbers says so. */
  double(tag: string): number | undefined {
    const vr = this.#source.elements[tag]?.vr;
    if (vr === 'DS' || vr === 'IS') return this.decimal(tag);
    return this.floats(tag, vr === 'FL' ? 'FL' : 'FD')?.[0];
  }

  /** An AT value as 'x00209057'. */
  tag(tag: string): string | undefined {
    const [group, element] = this.uint16s(tag) ?? [];
    if (group === undefined || element === undefined) return undefined;
    return `x${hex(group)}${hex(element)}`;
  }

  /** The items of a sequence; none where it is absent. Throws what the parser throws. */
  items(tag: string): Attributes[] {
    const element = this.#source.elements[tag];
    if (element === undefined) return [];
    element.items ??= this.#readItems(element);
    // What was kept as unknown is implicit little endian (PS3.5 section 6.2.2).
    const isBigEndian = element.vr !== 'UN' && this.#source.isBigEndian;
    return (element.items ?? []).flatMap(({ dataSet }) =>
      dataSet === undefined
        ? []
        : [new Attributes({ bytes: this.#source.bytes, elements: dataSet.elements, isBigEndian })],
    );
  }

  /** A sequence of known length, which nobody has read. */
  #readItems({ tag, vr, dataOffset, length }: Element): NonNullable<Element['items']> {
    const { bytes, isBigEndian } = this.#source;
    const end = dataOffset + length;
    if (length < 8 || end > bytes.length) return [];
    const isExplicit = vr === 'SQ';
    if (!isExplicit && bytes.readUInt32LE(dataOffset) !== ITEM) return [];
    const sequence = { tag, vr, dataOffset, length } as Element;
    const stream = streamAt(bytes.subarray(0, end), dataOffset, isExplicit && isBigEndian);
    stream.warnings = [];
    if (isExplicit) dicomParser.readSequenceItemsExplicit(stream, sequence, []);
    else dicomParser.readSequenceItemsImplicit(stream, sequence);
    return sequence.items ?? [];
  }

  item(tag: string): Attributes | undefined {
    return this.items(tag)[0];
  }
}

function hex(number: number): string {
  return number.toString(16).padStart(4, '0');
}
