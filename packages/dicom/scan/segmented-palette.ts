/** Segments of a palette (PS3.3 C.7.9.2): discrete, linear, and indirect ones that repeat others. */
export function expandSegments(
  words: Uint16Array | undefined,
  entries: number,
): Uint16Array | undefined {
  if (words === undefined) return undefined;
  const table = new Uint16Array(entries);
  const state = { table, filled: 0 };
  let at = 0;
  while (at < words.length && state.filled < entries) at = segment(words, at, state, true);
  return state.filled === entries ? table : undefined;
}

interface Filling {
  readonly table: Uint16Array;
  filled: number;
}

/** Expands the segment at `at` and gives where the next one begins. */
function segment(words: Uint16Array, at: number, state: Filling, mayBeIndirect: boolean): number {
  const [opcode = 0, length = 0] = words.subarray(at, at + 2);
  if (opcode === 0) {
    for (const value of words.subarray(at + 2, at + 2 + length)) push(state, value);
    return at + 2 + length;
  }
  if (opcode === 1) {
    const from = state.table[state.filled - 1] ?? 0;
    const to = words[at + 2] ?? 0;
    for (let n = 1; n <= length; n++) push(state, Math.round(from + ((to - from) * n) / length));
    return at + 3;
  }
  if (opcode === 2 && mayBeIndirect) {
    let copied = (words[at + 2] ?? 0) + 65536 * (words[at + 3] ?? 0);
    for (let n = 0; n < length && copied < words.length; n++) {
      copied = segment(words, copied, state, false);
    }
    return at + 4;
  }
  return words.length;
}

function push(state: Filling, value: number): void {
  if (state.filled < state.table.length) state.table[state.filled++] = value;
}
