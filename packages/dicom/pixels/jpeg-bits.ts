import { corruptFrame } from './decode-error.ts';
import { type HuffmanTable, LOOK_BITS } from './jpeg-huffman.ts';

/**
 * What libjpeg, GDCM and DCMTK pass over before a marker with a warning; other bytes are samples decoded wrongly.
 * @internal
 */
const MOST_PADDING_BYTES = 4;

/** The bits of entropy-coded data, without the zeros stuffed after FF; zeros after the end. */
export class BitReader {
  readonly #stream: Uint8Array;
  #at: number;
  /** Up to 32 bits, the next one highest of the `#count` lowest. */
  #bits = 0;
  #count = 0;
  #missing = 0;

  constructor(stream: Uint8Array, at: number) {
    this.#stream = stream;
    this.#at = at;
  }

  /** Whether more bits were taken than there are. */
  get isExhausted(): boolean {
    return this.#missing * 8 > this.#count;
  }

  /** Decodes a difference (T.81 H.1.2.2): a category, then as many bits of it. */
  difference(table: HuffmanTable): number {
    if (this.#count < 16) this.#fill();
    const next = (this.#bits >>> (this.#count - LOOK_BITS)) & ((1 << LOOK_BITS) - 1);
    let entry = table.look[next] as number;
    if (entry === 0) entry = table.find((this.#bits >>> (this.#count - 16)) & 0xffff);
    this.#count -= entry >>> 8;
    const category = entry & 0xff;
    if (category === 0) return 0;
    // Category 16 has no bits of its own.
    if (category === 16) return 32768;
    if (this.#count < category) this.#fill();
    this.#count -= category;
    const value = (this.#bits >>> this.#count) & ((1 << category) - 1);
    return value < 1 << (category - 1) ? value - (1 << category) + 1 : value;
  }

  /**
   * How many bytes no bit was taken of, up to the next marker or the end; 0 when they are no more than the
   * few of padding that coders may leave there.
   */
  get strayBytes(): number {
    let bytes = 0;
    let isPadding = true;
    for (const byte of this.#left()) {
      bytes++;
      isPadding &&= byte === 0 || byte === 0xff;
    }
    return isPadding && bytes <= MOST_PADDING_BYTES ? 0 : bytes;
  }

  /**
   * Drops what is left of a byte, and the restart marker.
   *
   * @throws SextantError VOLUME_CORRUPT when it does not come here
   */
  restart(): void {
    const stream = this.#stream;
    const isHere = !this.isExhausted && this.strayBytes === 0;
    while (this.#isData(this.#at)) this.#at += this.#bytesAt(this.#at);
    while (stream[this.#at + 1] === 0xff) this.#at++;
    if (!isHere || ((stream[this.#at + 1] ?? 0) & 0xf8) !== 0xd0) {
      throw corruptFrame('a restart marker in another place', 'one after each interval');
    }
    this.#at += 2;
    this.#bits = 0;
    this.#count = 0;
    this.#missing = 0;
  }

  /** Whole bytes that no bit was taken of. */
  *#left(): Generator<number> {
    const bytes = (this.#count >> 3) - this.#missing;
    for (let shift = (this.#count & ~7) - 8, n = 0; n < bytes; n++, shift -= 8) {
      yield (this.#bits >>> shift) & 0xff;
    }
    for (let at = this.#at; this.#isData(at); at += this.#bytesAt(at)) {
      yield this.#stream[at] as number;
    }
  }

  /** How many bytes the byte of data takes that begins here. */
  #bytesAt(at: number): 1 | 2 {
    return this.#stream[at] === 0xff ? 2 : 1;
  }

  #isData(at: number): boolean {
    const byte = this.#stream[at];
    return byte !== undefined && (byte !== 0xff || this.#stream[at + 1] === 0);
  }

  /** At least 24 bits. */
  #fill(): void {
    const stream = this.#stream;
    while (this.#count <= 24) {
      let byte = stream[this.#at];
      if (byte === undefined) byte = this.#beyond();
      else if (byte === 0xff) {
        if (stream[this.#at + 1] === 0) this.#at += 2;
        else byte = this.#beyond();
      } else this.#at++;
      this.#bits = (this.#bits << 8) | byte;
      this.#count += 8;
    }
  }

  /** A marker ends the data; until it is passed there are zeros. */
  #beyond(): number {
    this.#missing++;
    return 0;
  }
}
