import type { PixelLayout } from '../instance.ts';
import { jpegSegments } from './jpeg-segments.ts';
import { isFrameHeader } from './stream-header.ts';

const [JFIF, ADOBE] = [0xe0, 0xee];

/** Adobe's segment: version 100, no flags, no transform (ITU-T T.872 6.5.3). */
const UNTRANSFORMED = Buffer.from('ffee000e41646f626500640000000000', 'hex');

/** A shorter one has no transform in it, and is passed over as libjpeg does. */
const ADOBE_BYTES = 12;

/**
 * A stream of JPEG as a decoder takes it that believes markers and the names R, G, B alone, and else turns
 * three components from YCbCr to RGB: colours that are RGB in the file's words, and in the stream without a
 * word, get one.
 */
export function withColoursTold(stream: Buffer, { photometric }: PixelLayout): Buffer {
  if (photometric !== 'RGB') return stream;
  for (const { marker, data } of jpegSegments(stream)) {
    const name = data.toString('latin1', 0, 5);
    const isTold =
      (marker === JFIF && name === 'JFIF\0') ||
      (marker === ADOBE && name === 'Adobe' && data.length >= ADOBE_BYTES);
    if (isTold || (isFrameHeader(marker) && isLikeYcbcr(data))) return stream;
  }
  return Buffer.concat([stream.subarray(0, 2), UNTRANSFORMED, stream.subarray(2)]);
}

/**
 * Files say RGB of what GDCM and others have coded as YCbCr, without a marker: with the names 1, 2, 3 that
 * JFIF gives it (libjpeg goes by them too), or with fewer samples of colour than of brightness.
 */
function isLikeYcbcr(frameHeader: Buffer): boolean {
  const [first, second, third] = [6, 9, 12].map((at) => frameHeader.subarray(at, at + 2));
  const names = [first?.[0], second?.[0], third?.[0]];
  const isSubsampled = first?.[1] !== second?.[1] || first?.[1] !== third?.[1];
  return isSubsampled || names.every((name, n) => name === n + 1);
}
