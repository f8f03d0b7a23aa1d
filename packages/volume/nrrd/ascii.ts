import type { Dtype } from '#kernels';
import type { ByteReader } from '../bytes/byte-reader.ts';
import { brokenNrrd } from './fields.ts';
import { LONGEST_NUMBER } from './limits.ts';

const STEP_BYTES = 64 * 1024;

type Put = (view: DataView, at: number, text: string) => void;

const PUT: Readonly<Partial<Record<Dtype, Put>>> = {
  int8: (view, at, text) => view.setInt8(at, Number(text)),
  uint8: (view, at, text) => view.setUint8(at, Number(text)),
  int16: (view, at, text) => view.setInt16(at, Number(text), true),
  uint16: (view, at, text) => view.setUint16(at, Number(text), true),
  int32: (view, at, text) => view.setInt32(at, Number(text), true),
  uint32: (view, at, text) => view.setUint32(at, Number(text), true),
  int64: (view, at, text) => view.setBigInt64(at, BigInt(text), true),
  uint64: (view, at, text) => view.setBigUint64(at, BigInt(text), true),
  float32: (view, at, text) => view.setFloat32(at, Number(text), true),
  float64: (view, at, text) => view.setFloat64(at, Number(text), true),
};

/** Numbers written as text, given as little endian bytes. A target holds whole numbers. */
export function asciiReader(reader: ByteReader, dtype: Dtype, width: number): ByteReader {
  const put = PUT[dtype];
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
    async fill(target) {
      const view = new DataView(target.buffer, target.byteOffset, target.length);
      let at = 0;
      while (at < target.length) {
        const word = words.pop();
        if (word !== undefined) {
          if (
            !/^[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|nan|inf(inity)?)$/i.test(word)
          ) {
            throw brokenNrrd('data', word, 'numbers');
          }
          put?.(view, at, asNumber(word));
          at += width;
        } else if (isEnd) break;
        else await more();
      }
      return at;
    },
    skip: (count) => reader.skip(count),
    close: () => reader.close(),
  };
}

/** JavaScript spells infinity out. */
function asNumber(word: string): string {
  return word.replace(/^([+-]?)inf(inity)?$/i, '$1Infinity').replace(/^[+-]?nan$/i, 'NaN');
}
