import { dicomFile, type WrittenElement } from './dicom-file.ts';

/** Codes of four bits for the categories 0 to 8 of a first coefficient, and of one bit for the block's end. */
const TABLES = [
  [0xdb, [0, ...new Array(64).fill(8)]],
  [0xc4, [0x00, 0, 0, 0, 9, ...new Array(12).fill(0), 0, 1, 2, 3, 4, 5, 6, 7, 8]],
  [0xc4, [0x10, 1, ...new Array(15).fill(0), 0x00]],
] as const;

/** Category 0, and the block's end. */
const SAME_BLOCK = '00000';

export interface BaselineOptions {
  readonly rows: number;
  readonly columns: number;
  /** Segments before all others, as markers with their data. */
  readonly first?: readonly (readonly [marker: number, data: readonly number[]])[];
  /** Of the components; default 1, 2, 3. */
  readonly ids?: readonly number[];
  /** Sampling factor of the first component in both directions; the others' is 1. */
  readonly sampling?: 1 | 2;
}

/**
 * JPEG of process 1 (ITU-T T.81) of 8 x 8 pixels that all have these components, in the file's own space;
 * of another size, a stream that ends early.
 */
export function baselineJpeg(
  colour: readonly number[],
  { rows, columns, first = [], ids = [1, 2, 3], sampling = 1 }: BaselineOptions,
): Buffer {
  const named = colour.map((_, n) => ids[n] ?? n + 1);
  const components = named.flatMap((id, n) => [id, n === 0 ? sampling * 0x11 : 0x11, 0]);
  const scan = named.flatMap((id) => [id, 0x00]);
  const segments = [
    ...first,
    ...TABLES,
    [0xc0, [8, rows >> 8, rows & 255, columns >> 8, columns & 255, colour.length, ...components]],
    [0xda, [colour.length, ...scan, 0, 63, 0]],
  ] as readonly (readonly [number, readonly number[]])[];
  const head = segments.flatMap(([marker, data]) => {
    const length = data.length + 2;
    return [0xff, marker, length >> 8, length & 0xff, ...data];
  });
  return Buffer.from([0xff, 0xd8, ...head, ...codedBlocks(colour, sampling ** 2), 0xff, 0xd9]);
}

/**
 * One block of each component, whose first coefficient is eight times its value above 128; of the first
 * component so many, the others of which differ in nothing from their first.
 */
function codedBlocks(colour: readonly number[], blocksOfFirst: number): number[] {
  const bits = colour.map((value, n) => {
    const difference = value - 128;
    const category = difference === 0 ? 0 : Math.floor(Math.log2(Math.abs(difference))) + 1;
    const coded = difference > 0 ? difference : difference + 2 ** category - 1;
    const own = category === 0 ? '' : coded.toString(2).padStart(category, '0');
    return `${category.toString(2).padStart(4, '0')}${own}0${n === 0 ? SAME_BLOCK.repeat(blocksOfFirst - 1) : ''}`;
  });
  const bytes = bits.join('').match(/.{1,8}/g) ?? [];
  return bytes.flatMap((byte) => {
    const value = Number.parseInt(byte.padEnd(8, '1'), 2);
    return value === 0xff ? [value, 0] : [value];
  });
}

/** A file with one code stream as its only frame. */
export function fileOfStream(
  stream: Uint8Array,
  transferSyntaxUid: string,
  more: readonly WrittenElement[],
): Buffer {
  const padded = Buffer.alloc(stream.length + (stream.length % 2));
  padded.set(stream);
  const [table, item, end] = ['feff00e000000000', 'feff00e000000000', 'feffdde000000000'].map(
    (hex) => Buffer.from(hex, 'hex'),
  ) as [Buffer, Buffer, Buffer];
  item.writeUInt32LE(padded.length, 4);
  const fragments = Buffer.concat([table, item, padded, end]);
  const file = Buffer.from(
    dicomFile([...more, ['7FE00010', 'OB', fragments]], { transferSyntaxUid }),
  );
  file.writeUInt32LE(0xffffffff, file.length - fragments.length - 4);
  return file;
}
