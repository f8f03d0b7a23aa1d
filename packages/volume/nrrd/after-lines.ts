import type { SextantError } from '#errors';
import { withRest } from '../bytes/after-header.ts';
import type { ByteReader } from '../bytes/byte-reader.ts';
import { brokenNrrd } from './fields.ts';

/** Bytes read at a time while ends of lines are looked for. */
const STEP_BYTES = 64 * 1024;

const LINE_END = 0x0a;

/**
 * A reader of what follows so many lines, which are another program's header.
 * @throws SextantError VOLUME_CORRUPT where there are fewer
 */
export async function afterLines(data: ByteReader, lines: number): Promise<ByteReader> {
  // Each has its end at least.
  if (lines > data.mostBytes) throw tooMany(lines, `${data.mostBytes} bytes`);
  let bytes = 0;
  let rest = new Uint8Array();
  for (let left = lines; left > 0; ) {
    if (rest.length === 0) {
      const step = new Uint8Array(STEP_BYTES);
      rest = step.subarray(0, await data.fill(step));
      if (rest.length === 0) throw tooMany(lines, `${lines - left}`);
    }
    const end = rest.indexOf(LINE_END);
    const taken = end < 0 ? rest.length : end + 1;
    if (end >= 0) left--;
    bytes += taken;
    rest = rest.subarray(taken);
  }
  return withRest(data, { bytes, rest });
}

function tooMany(lines: number, there: string): SextantError {
  return brokenNrrd('line skip', String(lines), `no more lines than the ${there} that follow`);
}
