/** How a whole image is read. */
export interface ReadImageOptions {
  /** The most bytes the volume may inflate to. Default 4 GiB. */
  readonly volumeLimitBytes?: number;
  /** Hears how many bytes the voxels take before memory is taken for them; it refuses by throwing. */
  readonly reserve?: ((bytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}
