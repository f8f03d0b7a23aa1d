/**
 * Longest text of a caller that a message or a log line repeats: a line of a terminal.
 * @beyond shortened
 */
const SHORTENED_CHARACTERS = 80;

/**
 * A caller's text as a message or a log line repeats it: its first 80 characters, with control and
 * format characters written out, so that it moves no cursor and ends no line. The work does not grow
 * with the text.
 *
 * @example
 * shortened('a\u0007b'); // 'a\\u{7}b'
 */
export function shortened(text: string): string {
  // No character has more than two code units.
  const start = [...text.slice(0, 2 * SHORTENED_CHARACTERS + 2)];
  const kept = start.slice(0, SHORTENED_CHARACTERS).join('').replace(/\p{C}/gu, writtenOut);
  return start.length > SHORTENED_CHARACTERS ? `${kept}…` : kept;
}

function writtenOut(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
