/** One file of an image, on its way. */
export interface ImageFile {
  /** What its name ends in: `.nii.gz`, `.mhd`, `.raw`, … */
  readonly suffix: string;
  /** How many bytes there will be, where that is known: of what is not compressed. */
  readonly bytes?: number;
  /** Its bytes in order. A piece is valid until the next one is asked for. */
  readonly pieces: AsyncIterable<Uint8Array>;
}
