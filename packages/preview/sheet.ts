/** Measures of the whole picture, in pixels. */
export const SHEET = {
  /** A plane's longest side. */
  side: 400,
  /** Between planes, and around them: wide enough that letters of neighbours stand apart. */
  gap: 24,
  /** The strip below the planes, for the scale bar. */
  foot: 28,
} as const;
