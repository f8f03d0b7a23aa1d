/** What the command line calls an option, and what ConversionOptions does. */
const WORDS: readonly (readonly [flag: RegExp, field: string])[] = [
  [/--uneven resample\b/g, 'uneven UNEVEN_HANDLING_RESAMPLE'],
  [/--uneven keep\b/g, 'uneven UNEVEN_HANDLING_KEEP'],
  [/--tilt resample\b/g, 'tilt TILT_HANDLING_RESAMPLE'],
  [/(?<![\w-])-r\b/g, 'spacing_mm'],
];

/** A message with the options called as a request has them; the server's own settings stay flags. */
export function inRequestWords(message: string): string {
  return WORDS.reduce((text, [flag, field]) => text.replace(flag, field), message);
}
