export interface JpegSegment {
  /** The second byte of its marker. */
  readonly marker: number;
  readonly data: Buffer;
  /** Where the next one, or a scan's entropy-coded data, begins. */
  readonly end: number;
}

const START_OF_SCAN = 0xda;

/** The segments of JPEG and JPEG-LS up to the header of the first scan (ITU-T T.81 annex B). */
export function* jpegSegments(stream: Buffer): Generator<JpegSegment> {
  if (stream[0] !== 0xff || stream[1] !== 0xd8) return;
  for (let at = 2; at + 4 <= stream.length && stream[at] === 0xff; ) {
    const marker = stream[at + 1] ?? 0;
    // Fill bytes before a marker.
    if (marker === 0xff) {
      at++;
      continue;
    }
    const end = at + 2 + stream.readUInt16BE(at + 2);
    yield { marker, data: stream.subarray(at + 4, end), end };
    if (marker === START_OF_SCAN) return;
    at = end;
  }
}
