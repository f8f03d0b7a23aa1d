import type { Dtype } from '#kernels';
import type { ByteReader } from '../bytes/byte-reader.ts';
import { brokenNrrd } from './fields.ts';
import { LONGEST_NUMBER } from './limits.ts';

const STEP_BYTES = 64 * 1024;

/** What a number type can hold; of 64 bits as bigint, since no number does. */
const RANGES: Readonly<Partial<Record<Dtype, readonly [number | bigint, number | bigint]>>> = {
  int8: [-(2 ** 7), 2 ** 7 - 1],
  uint8: [0, 2 ** 8 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  uint16: [0, 2 ** 16 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};

const REAL = /^[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|nan|inf(inity)?)$/i;
const WHOLE = /^[+-]?\d{1,20}$/;

/** Writes the number that `word` is; throws for what is none, or none that the type holds. */
function put(view: DataView, at: number, { word, dtype }: { word: string; dtype: Dtype }): void {
  if (!REAL.test(word)) throw brokenNrrd('data', word, 'numbers');
  if (dtype === 'float32') view.setFloat32(at, realOf(word), true);
  else if (dtype === 'float64') view.setFloat64(at, realOf(word), true);
  else putWhole(view, at, { dtype, value: wholeOf(word, dtype) });
}

function wholeOf(word: string, dtype: Dtype): bigint {
  const [low = 0, high = 0] = RANGES[dtype] ?? [];
  const value = WHOLE.test(word) ? BigInt(word.replace('+', '')) : undefined;
  if (value !== undefined && value >= low && value <= high) return value;
  throw brokenNrrd(
    'data',
    word,
    `whole numbers from ${low} to ${high}, as the type ${dtype} holds`,
  );
}

function putWhole(
  view: DataView,
  at: number,
  { dtype, value }: { dtype: Dtype; value: bigint },
): void {
  // The lowest bits of two's complement are those of every width and sign.
  if (dtype.endsWith('64')) view.setBigInt64(at, BigInt.asIntN(64, value), true);
  else if (dtype.endsWith('32')) view.setInt32(at, Number(value), true);
  else if (dtype.endsWith('16')) view.setInt16(at, Number(value), true);
  else view.setInt8(at, Number(value));
}

/** JavaScript spells infinity out. */
function realOf(word: string): number {
  return Number(word.replace(/^([+-]?)inf(inity)?$/i, '$1Infinity').replace(/^[+-]?nan$/i, 'NaN'));
}

/** Numbers written as text, given as little endian bytes. A target holds whole numbers. */
export function asciiReader(reader: ByteReader, dtype: Dtype, width: number): ByteReader {
  let words: string[] = [];
  let open = '';
  let isEnd = false;
  const more = async () => {
    const step = new Uint8Array(STEP_BYTES);
    const got = await reader.fill(step);
    isEnd = got < step.length;
    const text = open + Buffer.from(step.subarray(0, got)).toString('latin1');
    const parts = text.split(/[\s,]+/);
    // The last one may go on in the next step.
    open = isEnd ? '' : (parts.pop() ?? '');
    if (open.length > LONGEST_NUMBER) throw brokenNrrd('data', open, 'numbers');
    words = parts.filter((word) => word !== '').reverse();
  };
  return {
    // A digit and a blank for each number, at least.
    mostBytes: (reader.mostBytes / 2 + 1) * width,
    compressed: reader.compressed,
    get bytesBehind() {
      return reader.bytesBehind;
    },
    async fill(target) {
      const view = new DataView(target.buffer, target.byteOffset, target.length);
      let at = 0;
      while (at < target.length) {
        const word = words.pop();
        if (word !== undefined) {
          put(view, at, { word, dtype });
          at += width;
        } else if (isEnd) break;
        else await more();
      }
      return at;
    },
    async skip(count) {
      let skipped = 0;
      while (skipped < count) {
        if (words.pop() !== undefined) skipped += width;
        else if (isEnd) break;
        else await more();
      }
      return skipped;
    },
    close: () => reader.close(),
  };
}
