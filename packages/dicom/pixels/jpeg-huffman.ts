import { corruptFrame } from './decode-error.ts';

/** Codes of up to this length are found in one look. */
export const LOOK_BITS = 12;

/** A Huffman table of categories (ITU-T T.81 annexes C and F.2.2.3). */
export class HuffmanTable {
  /** By the next LOOK_BITS bits: length << 8 | category; 0 where the code is longer. */
  readonly look = new Uint16Array(1 << LOOK_BITS);
  /** By length: the largest code, -1 where there is none. */
  readonly #largest = new Int32Array(18).fill(-1);
  /** By length: what to add to a code for its place among the categories. */
  readonly #shift = new Int32Array(18);
  readonly #categories: Uint8Array;

  private constructor(counts: Uint8Array, categories: Uint8Array) {
    this.#categories = categories;
    let code = 0;
    let place = 0;
    for (let length = 1; length <= 16; length++) {
      const count = counts[length - 1] as number;
      this.#shift[length] = place - code;
      for (let n = 0; n < count; n++, code++, place++) this.#enter(code, length, place);
      if (count > 0) this.#largest[length] = code - 1;
      if (code > 1 << length) throw corruptFrame('an overfull Huffman table', 'a prefix code');
      code <<= 1;
    }
  }

  /** Adds the tables of one DHT segment. Throws VOLUME_CORRUPT. */
  static readAll(segment: Buffer, tables: Map<number, HuffmanTable>): void {
    for (let at = 0; at + 17 <= segment.length; ) {
      const id = (segment[at] as number) & 0x0f;
      const counts = segment.subarray(at + 1, at + 17);
      const total = counts.reduce((sum, count) => sum + count, 0);
      const categories = segment.subarray(at + 17, at + 17 + total);
      if (categories.length < total || categories.some((category) => category > 16)) {
        throw corruptFrame('a broken Huffman table', 'one of categories 0 to 16');
      }
      tables.set(id, new HuffmanTable(counts, categories));
      at += 17 + total;
    }
  }

  #enter(code: number, length: number, place: number): void {
    if (length > LOOK_BITS) return;
    const first = code << (LOOK_BITS - length);
    const entry = (length << 8) | (this.#categories[place] as number);
    this.look.fill(entry, first, first + (1 << (LOOK_BITS - length)));
  }

  /** The category of a code longer than LOOK_BITS, from the next 16 bits: length << 8 | category. */
  find(next16: number): number {
    for (let length = LOOK_BITS + 1; length <= 16; length++) {
      const code = next16 >>> (16 - length);
      if (code > (this.#largest[length] as number)) continue;
      const category = this.#categories[code + (this.#shift[length] as number)];
      if (category !== undefined) return (length << 8) | category;
    }
    throw corruptFrame('bits that are no Huffman code', 'a code of the table');
  }
}
