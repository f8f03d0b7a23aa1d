/**
 * Segments of a palette (PS3.3 C.7.9.2): discrete, linear, and indirect ones that repeat others.
 * Undefined unless they fill the table.
 */
export function expandSegments(
  words: Uint16Array | undefined,
  entries: number,
): Uint16Array | undefined {
  if (words === undefined) return undefined;
  const filling = { table: new Uint16Array(entries), filled: 0, segmentsLeft: MOST_SEGMENTS };
  let at = 0;
  while (at < words.length && !isDone(filling)) at = segment(words, at, filling, true);
  return filling.filled === entries ? filling.table : undefined;
}

/**
 * As many as entries can be; empty ones in loops would not end.
 * @internal
 */
const MOST_SEGMENTS = 65536;

interface Filling {
  readonly table: Uint16Array;
  filled: number;
  segmentsLeft: number;
}

function isDone({ table, filled, segmentsLeft }: Filling): boolean {
  return filled === table.length || segmentsLeft === 0;
}

/** Expands the segment at `at` and gives where the next one begins. */
function segment(words: Uint16Array, at: number, filling: Filling, mayBeIndirect: boolean): number {
  filling.segmentsLeft--;
  const [opcode = 0, length = 0] = words.subarray(at, at + 2);
  if (opcode === 0) {
    for (const value of words.subarray(at + 2, at + 2 + length)) push(filling, value);
    return at + 2 + length;
  }
  if (opcode === 1) {
    const from = filling.table[filling.filled - 1] ?? 0;
    const to = words[at + 2] ?? 0;
    for (let n = 1; n <= length; n++) push(filling, Math.round(from + ((to - from) * n) / length));
    return at + 3;
  }
  if (opcode === 2 && mayBeIndirect) {
    let copied = (words[at + 2] ?? 0) + 65536 * (words[at + 3] ?? 0);
    for (let n = 0; n < length && copied < words.length && !isDone(filling); n++) {
      copied = segment(words, copied, filling, false);
    }
    return at + 4;
  }
  return words.length;
}

function push(filling: Filling, value: number): void {
  if (filling.filled < filling.table.length) filling.table[filling.filled++] = value;
}
