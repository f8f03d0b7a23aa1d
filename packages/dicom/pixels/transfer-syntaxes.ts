/** How a transfer syntax stores a frame. */
export type Codec =
  | 'native'
  | 'rle'
  | 'deflated-frame'
  | 'jpeg-8bit'
  | 'jpeg-extended'
  | 'jpeg-lossless'
  | 'jpeg-ls'
  | 'jpeg-2000'
  | 'htj2k';

export interface TransferSyntax {
  readonly name: string;
  /** Undefined: known by name, and not decoded here. */
  readonly codec?: Codec;
  readonly isBigEndian?: boolean;
}

const JPEG = '1.2.840.10008.1.2.4.';

/** The transfer syntaxes of PS3.5 section 10 and annex A. */
export const TRANSFER_SYNTAXES: Readonly<Record<string, TransferSyntax>> = {
  '1.2.840.10008.1.2': { name: 'Implicit VR Little Endian', codec: 'native' },
  '1.2.840.10008.1.2.1': { name: 'Explicit VR Little Endian', codec: 'native' },
  '1.2.840.10008.1.2.1.99': { name: 'Deflated Explicit VR Little Endian', codec: 'native' },
  '1.2.840.10008.1.2.2': {
    name: 'Explicit VR Big Endian',
    codec: 'native',
    isBigEndian: true,
  },
  '1.2.840.10008.1.2.5': { name: 'RLE Lossless', codec: 'rle' },
  '1.2.840.10008.1.2.8.1': { name: 'Deflated Image Frame Compression', codec: 'deflated-frame' },
  [`${JPEG}50`]: { name: 'JPEG Baseline (Process 1)', codec: 'jpeg-8bit' },
  [`${JPEG}51`]: { name: 'JPEG Extended (Process 2 and 4)', codec: 'jpeg-extended' },
  [`${JPEG}52`]: { name: 'JPEG Extended (Process 3 and 5)', codec: 'jpeg-extended' },
  [`${JPEG}53`]: { name: 'JPEG Spectral Selection (Process 6 and 8)', codec: 'jpeg-extended' },
  [`${JPEG}54`]: { name: 'JPEG Spectral Selection (Process 7 and 9)', codec: 'jpeg-extended' },
  [`${JPEG}55`]: { name: 'JPEG Full Progression (Process 10 and 12)', codec: 'jpeg-extended' },
  [`${JPEG}57`]: { name: 'JPEG Lossless (Process 14)', codec: 'jpeg-lossless' },
  [`${JPEG}70`]: { name: 'JPEG Lossless, First-Order Prediction', codec: 'jpeg-lossless' },
  [`${JPEG}80`]: { name: 'JPEG-LS Lossless', codec: 'jpeg-ls' },
  [`${JPEG}81`]: { name: 'JPEG-LS Near-Lossless', codec: 'jpeg-ls' },
  [`${JPEG}90`]: { name: 'JPEG 2000 Lossless', codec: 'jpeg-2000' },
  [`${JPEG}91`]: { name: 'JPEG 2000', codec: 'jpeg-2000' },
  [`${JPEG}92`]: { name: 'JPEG 2000 Part 2 Lossless' },
  [`${JPEG}93`]: { name: 'JPEG 2000 Part 2' },
  [`${JPEG}94`]: { name: 'JPIP Referenced' },
  [`${JPEG}95`]: { name: 'JPIP Referenced Deflate' },
  [`${JPEG}100`]: { name: 'MPEG2 Main Profile' },
  [`${JPEG}101`]: { name: 'MPEG2 High Level' },
  [`${JPEG}102`]: { name: 'MPEG-4 AVC/H.264' },
  [`${JPEG}103`]: { name: 'MPEG-4 AVC/H.264 BD-compatible' },
  [`${JPEG}107`]: { name: 'HEVC/H.265 Main Profile' },
  [`${JPEG}108`]: { name: 'HEVC/H.265 Main 10 Profile' },
  [`${JPEG}110`]: { name: 'JPEG XL Lossless' },
  [`${JPEG}111`]: { name: 'JPEG XL JPEG Recompression' },
  [`${JPEG}112`]: { name: 'JPEG XL' },
  [`${JPEG}201`]: { name: 'High-Throughput JPEG 2000 Lossless', codec: 'htj2k' },
  [`${JPEG}202`]: { name: 'High-Throughput JPEG 2000 RPCL Lossless', codec: 'htj2k' },
  [`${JPEG}203`]: { name: 'High-Throughput JPEG 2000', codec: 'htj2k' },
};
