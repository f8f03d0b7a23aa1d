import assert from 'node:assert/strict';
import { decodeJpegLossless } from './jpeg-lossless.ts';

const [ROWS, COLUMNS] = [5, 7];
const BITS = 12;

/** A table of one code, the bit 0 for no difference, and eight of them: zeros beyond the end are codes too. */
const ZEROS = Buffer.from(
  `ffd8ffc4001400010000${'00'.repeat(14)}ffda000801010001000000ffd9`,
  'hex',
);

const END = Buffer.from([0xff, 0xd9]);

/** A gradient with noise, so that differences have many categories. */
const IMAGE = Uint16Array.from(
  { length: ROWS * COLUMNS },
  (_, n) => (n * 97 + (n % 5) * 311) % 4096,
);

/** Writes bits, with a zero after each FF. */
class BitWriter {
  readonly bytes: number[] = [];
  #bits = '';

  put(value: number, count: number): void {
    if (count > 0) this.#bits += value.toString(2).padStart(count, '0');
    while (this.#bits.length >= 8) this.#byte();
  }

  /** Ones up to the byte's end (T.81 F.1.2.3). */
  pad(): void {
    if (this.#bits.length > 0) {
      this.#bits = this.#bits.padEnd(8, '1');
      this.#byte();
    }
  }

  #byte(): void {
    const byte = Number.parseInt(this.#bits.slice(0, 8), 2);
    this.#bits = this.#bits.slice(8);
    this.bytes.push(byte);
    if (byte === 0xff) this.bytes.push(0);
  }
}

/**
 * Lossless JPEG (T.81 annex H) with predictor 1, categories 0 to 16 with codes of five bits each, and a
 * restart after so many lines; 0 for none.
 */
function encoded(linesPerRestart: number): Buffer {
  const writer = new BitWriter();
  let restarts = 0;
  for (let row = 0; row < ROWS; row++) {
    const isRestart = linesPerRestart > 0 && row > 0 && row % linesPerRestart === 0;
    if (isRestart) {
      writer.pad();
      writer.bytes.push(0xff, 0xd0 + (restarts++ % 8));
    }
    for (let column = 0; column < COLUMNS; column++) {
      const at = row * COLUMNS + column;
      const first = row === 0 || isRestart ? 2 ** (BITS - 1) : (IMAGE[at - COLUMNS] ?? 0);
      const difference = (IMAGE[at] ?? 0) - (column === 0 ? first : (IMAGE[at - 1] ?? 0));
      const category = difference === 0 ? 0 : Math.floor(Math.log2(Math.abs(difference))) + 1;
      writer.put(category, 5);
      writer.put(difference > 0 ? difference : difference + 2 ** category - 1, category);
    }
  }
  writer.pad();
  const huffman = [
    0x00,
    0,
    0,
    0,
    0,
    17,
    ...new Array(11).fill(0),
    ...Array.from({ length: 17 }, (_, n) => n),
  ];
  const interval = linesPerRestart * COLUMNS;
  const segments: (readonly [number, readonly number[]])[] = [
    [0xc3, [BITS, 0, ROWS, 0, COLUMNS, 1, 1, 0x11, 0]],
    [0xc4, huffman],
    [0xdd, [interval >> 8, interval & 0xff]],
    [0xda, [1, 1, 0x00, 1, 0, 0]],
  ];
  const head = segments.flatMap(([marker, data]) => {
    const length = data.length + 2;
    return [0xff, marker, length >> 8, length & 0xff, ...data];
  });
  return Buffer.from([0xff, 0xd8, ...head, ...writer.bytes, 0xff, 0xd9]);
}

describe('lossless JPEG', () => {
  const image = { rows: ROWS, columns: COLUMNS, components: 1, bits: BITS };

  for (const lines of [0, 1, 2, 3]) {
    it(`is decoded with ${lines === 0 ? 'no restarts' : `a restart after ${lines} lines`}`, () => {
      assert.deepEqual(decodeJpegLossless(encoded(lines), image), IMAGE);
    });
  }

  it('that ends early is refused, also within an interval that others follow', () => {
    const whole = encoded(2);
    const marker = whole.indexOf(Buffer.from([0xff, 0xd0]));
    const cut = Buffer.concat([whole.subarray(0, marker - 6), whole.subarray(marker)]);
    for (const stream of [cut, whole.subarray(0, -8)]) {
      assert.throws(() => decodeJpegLossless(stream, image), { reason: 'VOLUME_CORRUPT' });
    }
  });

  it('of which bytes are left behind its samples is refused', () => {
    const whole = encoded(0);
    for (const more of [[0x55], [0, 0, 1], [0, 0, 0, 0, 0], [1, 2, 3, 4, 5, 6, 7, 8]]) {
      const stream = Buffer.concat([whole.subarray(0, -2), Buffer.from(more), END]);
      assert.throws(() => decodeJpegLossless(stream, image), {
        reason: 'VOLUME_CORRUPT',
        message: /\d bytes behind the samples/,
      });
    }
  });

  it('of which bytes are left before a restart, or another marker stands there, is refused', () => {
    const whole = encoded(2);
    const at = whole.indexOf(Buffer.from([0xff, 0xd0]));
    const longer = Buffer.concat([
      whole.subarray(0, at),
      Buffer.from([0, 0x55]),
      whole.subarray(at),
    ]);
    const other = Buffer.from(whole);
    other[at + 1] = 0xd9;
    for (const stream of [longer, other]) {
      assert.throws(() => decodeJpegLossless(stream, image), {
        reason: 'VOLUME_CORRUPT',
        message: /restart marker/,
      });
    }
  });

  it('may have a few bytes of padding before its markers, as libjpeg, GDCM and DCMTK take it', () => {
    const whole = encoded(2);
    const at = whole.indexOf(Buffer.from([0xff, 0xd0]));
    for (const padding of ['00', 'ff00', '00ff00ff', '00000000'].map((hex) =>
      Buffer.from(hex, 'hex'),
    )) {
      const parts = [whole.subarray(0, at), padding, whole.subarray(at, -2), padding, END];
      assert.deepEqual(decodeJpegLossless(Buffer.concat(parts), image), IMAGE);
    }
  });

  it('may have fill bytes before its markers, or end without one', () => {
    const whole = encoded(2);
    const at = whole.indexOf(Buffer.from([0xff, 0xd0]));
    const fill = Buffer.from([0xff]);
    const filled = [whole.subarray(0, at), fill, whole.subarray(at, -2), fill, END];
    for (const stream of [
      Buffer.concat(filled),
      whole.subarray(0, -2),
      Buffer.concat([whole.subarray(0, -2), Buffer.alloc(1)]),
      Buffer.concat([whole, Buffer.alloc(1)]),
    ]) {
      assert.deepEqual(decodeJpegLossless(stream, image), IMAGE);
    }
  });

  it('that ends early is not read on to the end of its size', () => {
    const vast = { rows: 40_000, columns: 20_000, components: 1, bits: BITS };
    const before = performance.now();
    assert.throws(() => decodeJpegLossless(ZEROS, vast), { reason: 'VOLUME_CORRUPT' });
    // All of its lines would take ten seconds.
    assert.ok(performance.now() - before < 2000);
  });
});
