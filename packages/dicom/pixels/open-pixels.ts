import { closeSync, openSync, readSync } from 'node:fs';
import type { FrameRequest } from '../frame-request.ts';
import type { ByteRange } from '../instance.ts';
import { corruptFrame } from './decode-error.ts';
import { inflatedDataSet } from './inflated-data-set.ts';

/** Reads bytes of the file, or of the data set that the file deflates. */
export type Read = (range: ByteRange, into: Uint8Array) => void;

export function openPixels({ path, location }: FrameRequest): { read: Read; close: () => void } {
  if (location.kind === 'native' && location.deflatedDataSetAt !== undefined) {
    const [start, length] = location.range;
    const all = inflatedDataSet(path, location.deflatedDataSetAt, start + length);
    const read: Read = ([offset, length], into) => {
      if (offset + length > all.length) throw corruptFrame('a short data set', `${length} bytes`);
      into.set(all.subarray(offset, offset + length));
    };
    return { read, close() {} };
  }
  const file = openSync(path, 'r');
  const read: Read = ([offset, length], into) => {
    for (let got = 0; got < length; ) {
      const count = readSync(file, into, got, length - got, offset + got);
      // It was longer when it was scanned.
      if (count === 0) throw corruptFrame(`${got} bytes`, `${length} bytes of pixel data`);
      got += count;
    }
  };
  return { read, close: () => closeSync(file) };
}
