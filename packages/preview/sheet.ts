/** Measures of the whole picture, in pixels. */
export const SHEET = {
  /** A plane's longest side. */
  side: 400,
  gap: 8,
  /** The strip below the planes, for the scale bar. */
  foot: 28,
} as const;
