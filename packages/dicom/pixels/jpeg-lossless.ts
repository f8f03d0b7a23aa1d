import { corruptFrame } from './decode-error.ts';
import { BitReader } from './jpeg-bits.ts';
import { HuffmanTable } from './jpeg-huffman.ts';
import { jpegSegments } from './jpeg-segments.ts';

interface Scan {
  readonly tables: readonly HuffmanTable[];
  /** 1 to 7 (ITU-T T.81 table H.1). */
  readonly predictor: number;
  readonly pointTransform: number;
  /** Samples lines between restarts, counted in samples; 0 for none. */
  readonly restartInterval: number;
  /** Where the entropy-coded data begins. */
  readonly dataAt: number;
}

export interface LosslessImage {
  readonly rows: number;
  readonly columns: number;
  readonly components: number;
  /** Precision of a sample, 2 to 16. */
  readonly bits: number;
}

/**
 * Decodes lossless JPEG, process 14 (ITU-T T.81 annex H): one interleaved scan, Huffman coded, any
 * predictor. Gives samples end to end, components interleaved, 16 bits each in the host's order.
 *
 * @throws SextantError VOLUME_CORRUPT
 */
export function decodeJpegLossless(stream: Buffer, image: LosslessImage): Uint16Array {
  const scan = scanOf(stream, image.components);
  const { rows, columns, components } = image;
  const samples = new Uint16Array(rows * columns * components);
  const bits = new BitReader(stream, scan.dataAt);
  const lineSamples = columns * components;
  const initial = 1 << (image.bits - scan.pointTransform - 1);
  let untilRestart = scan.restartInterval;
  let isFirstLine = true;
  for (let row = 0; row < rows; row++) {
    if (scan.restartInterval > 0 && untilRestart <= 0) {
      bits.restart();
      untilRestart = scan.restartInterval;
      isFirstLine = true;
    }
    const line = { samples, at: row * lineSamples, above: (row - 1) * lineSamples, columns };
    decodeLine(bits, line, { scan, components, initial, isFirstLine });
    if (bits.isExhausted) throw corruptFrame('a lossless JPEG that ends early', 'a whole one');
    untilRestart -= columns;
    isFirstLine = false;
  }
  expectSpent(bits);
  if (scan.pointTransform > 0) {
    for (let n = 0; n < samples.length; n++) {
      samples[n] = (samples[n] as number) << scan.pointTransform;
    }
  }
  return samples;
}

/** Of samples that were decoded wrongly, bits are left where they should end. */
function expectSpent({ strayBytes }: BitReader): void {
  if (strayBytes === 0) return;
  throw corruptFrame(`${strayBytes} bytes behind the samples of a lossless JPEG`, 'an end marker');
}

interface Line {
  readonly samples: Uint16Array;
  readonly at: number;
  readonly above: number;
  readonly columns: number;
}

interface LineRules {
  readonly scan: Scan;
  readonly components: number;
  /** What the first sample of a scan is predicted to be. */
  readonly initial: number;
  readonly isFirstLine: boolean;
}

function decodeLine(bits: BitReader, line: Line, rules: LineRules): void {
  const { samples, at, above, columns } = line;
  const { scan, components, initial, isFirstLine } = rules;
  for (let component = 0; component < components; component++) {
    // The first sample of a line is predicted from above, on the first line from nothing.
    const table = scan.tables[component] as HuffmanTable;
    const prediction = isFirstLine ? initial : (samples[above + component] as number);
    samples[at + component] = prediction + bits.difference(table);
  }
  const predictor = isFirstLine ? 1 : scan.predictor;
  if (components === 1 && predictor === 1) {
    leftOnly(bits, scan.tables[0] as HuffmanTable, samples, at, columns);
    return;
  }
  for (let column = 1; column < columns; column++) {
    for (let component = 0; component < components; component++) {
      const here = at + column * components + component;
      const up = above + column * components + component;
      const a = samples[here - components] as number;
      const b = isFirstLine ? 0 : (samples[up] as number);
      const c = isFirstLine ? 0 : (samples[up - components] as number);
      const table = scan.tables[component] as HuffmanTable;
      samples[here] = predict(predictor, a, b, c) + bits.difference(table);
    }
  }
}

/** The common case: one component, predicted from its left neighbour. */
function leftOnly(
  bits: BitReader,
  table: HuffmanTable,
  samples: Uint16Array,
  at: number,
  columns: number,
): void {
  let value = samples[at] as number;
  for (let here = at + 1; here < at + columns; here++) {
    value = (value + bits.difference(table)) & 0xffff;
    samples[here] = value;
  }
}

function predict(predictor: number, a: number, b: number, c: number): number {
  switch (predictor) {
    case 1:
      return a;
    case 2:
      return b;
    case 3:
      return c;
    case 4:
      return a + b - c;
    case 5:
      return a + ((b - c) >> 1);
    case 6:
      return b + ((a - c) >> 1);
    default:
      return (a + b) >> 1;
  }
}

/** The first scan, with what was said before it. */
function scanOf(stream: Buffer, components: number): Scan {
  const tables = new Map<number, HuffmanTable>();
  let restartInterval = 0;
  for (const { marker, data, end } of jpegSegments(stream)) {
    if (marker === 0xc4) HuffmanTable.readAll(data, tables);
    if (marker === 0xdd && data.length >= 2) restartInterval = data.readUInt16BE(0);
    if (marker === 0xda) return scanHeader(data, { tables, components, restartInterval, at: end });
  }
  throw corruptFrame('a lossless JPEG without a scan', 'one scan of all components');
}

function scanHeader(
  segment: Buffer,
  known: {
    tables: ReadonlyMap<number, HuffmanTable>;
    components: number;
    restartInterval: number;
    at: number;
  },
): Scan {
  const { tables, components, restartInterval, at } = known;
  const used = Array.from({ length: components }, (_, n) =>
    tables.get((segment[2 + 2 * n] ?? 0) >> 4),
  );
  const predictor = segment[1 + 2 * components] ?? 0;
  const isWhole = segment[0] === components && used.every((table) => table !== undefined);
  if (!isWhole || predictor < 1 || predictor > 7) {
    throw corruptFrame(
      `a scan of ${segment[0]} components with predictor ${predictor}`,
      `one interleaved scan of ${components} with a table each and predictor 1 to 7`,
    );
  }
  return {
    tables: used as HuffmanTable[],
    predictor,
    pointTransform: (segment[3 + 2 * components] ?? 0) & 0x0f,
    restartInterval,
    dataAt: at,
  };
}
