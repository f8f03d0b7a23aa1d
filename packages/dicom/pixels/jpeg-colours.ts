import type { PixelLayout } from '../instance.ts';
import { jpegSegments } from './jpeg-segments.ts';

const [JFIF, ADOBE] = [0xe0, 0xee];

/** Adobe's segment: version 100, no flags, no transform (ITU-T T.872 6.5.3). */
const UNTRANSFORMED = Buffer.from('ffee000e41646f626500640000000000', 'hex');

/**
 * A stream of JPEG as a decoder takes it that believes markers alone and else turns three components from
 * YCbCr to RGB: colours that are RGB in the file's words, and in the stream without a word, get one.
 */
export function withColoursTold(stream: Buffer, { photometric }: PixelLayout): Buffer {
  if (photometric !== 'RGB') return stream;
  for (const { marker, data } of jpegSegments(stream)) {
    const name = data.toString('latin1', 0, 5);
    if ((marker === JFIF && name === 'JFIF\0') || (marker === ADOBE && name === 'Adobe')) {
      return stream;
    }
  }
  return Buffer.concat([stream.subarray(0, 2), UNTRANSFORMED, stream.subarray(2)]);
}
