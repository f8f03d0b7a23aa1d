import { open } from 'node:fs/promises';
import { errnoWords, SextantError } from '#errors';
import { type Dtype, Tensor } from '#kernels';
import { filled } from '../filled.ts';

/** What numpy's type strings are here; the first letter is the byte order. */
const DTYPES: Readonly<Record<string, Dtype>> = {
  u1: 'uint8',
  i1: 'int8',
  b1: 'uint8',
  u2: 'uint16',
  i2: 'int16',
  u4: 'uint32',
  i4: 'int32',
  u8: 'uint64',
  i8: 'int64',
  f4: 'float32',
  f8: 'float64',
};

/**
 * Bytes of a header: numpy writes about a hundred.
 * @internal
 */
const LONGEST_HEADER = 64 * 1024;

/**
 * Bytes of an array: as much as a volume may have.
 * @internal
 */
const LARGEST_ARRAY_BYTES = 2 ** 32;

/** The entries of a header's dictionary. */
const DESCR = /'descr':\s*'([<>|=])([a-z]\d+)'/;
const ORDER = /'fortran_order':\s*(True|False)/;
const SHAPE = /'shape':\s*\(((?:\s*\d+\s*,)*\s*(?:\d+\s*)?)\)/;

interface NpyHeader {
  readonly dtype: Dtype;
  readonly width: number;
  readonly isBigEndian: boolean;
  readonly isFortran: boolean;
  readonly shape: readonly number[];
  /** Where the elements begin. */
  readonly at: number;
}

/**
 * Reads an array that numpy.save wrote (NEP 1): numbers of any width, either byte order, C or Fortran order.
 * Never anything that would run code. The caller disposes the tensor.
 *
 * @throws SextantError FILE_UNREADABLE, VOLUME_CORRUPT, VOLUME_TYPE_UNSUPPORTED, VOLUME_TRUNCATED,
 *   VOLUME_TOO_LARGE
 */
export async function readNpy(path: string): Promise<Tensor> {
  const unreadable = (cause: unknown): never => {
    const facts = { subject: path, got: errnoWords(cause), expected: 'a .npy file' };
    throw new SextantError('FILE_UNREADABLE', { ...facts, cause });
  };
  const file = await open(path, 'r').catch(unreadable);
  try {
    const start = Buffer.alloc(LONGEST_HEADER);
    const { bytesRead } = await file.read(start, 0, start.length, 0).catch(unreadable);
    const header = headerOf(path, start.subarray(0, bytesRead));
    const bytes = header.shape.reduce((product, extent) => product * extent, header.width);
    if (bytes > LARGEST_ARRAY_BYTES)
      throw wrong('VOLUME_TOO_LARGE', path, `${bytes} bytes`, `at most ${LARGEST_ARRAY_BYTES}`);
    const there = (await file.stat()).size - header.at;
    if (there < bytes)
      throw wrong(
        'VOLUME_TRUNCATED',
        path,
        `${there} bytes of elements`,
        `${bytes}, as its header says`,
      );
    const order = header.isFortran ? 'F' : 'C';
    return await filled(Tensor.empty(header.dtype, header.shape, { order }), async (tensor) => {
      const memory = Buffer.from(tensor.bytes().buffer, tensor.bytes().byteOffset, bytes);
      for (let at = 0; at < bytes; ) {
        const read = await file.read(memory, at, bytes - at, header.at + at);
        if (read.bytesRead === 0)
          throw wrong('VOLUME_TRUNCATED', path, `${at} bytes of elements`, `${bytes}`);
        at += read.bytesRead;
      }
      if (header.isBigEndian) swap(memory, header.width);
    });
  } finally {
    await file.close();
  }
}

/** `\x93NUMPY`, a version, the length of a dictionary of Python, and that. */
function headerOf(path: string, start: Buffer): NpyHeader {
  if (start.toString('latin1', 0, 6) !== '\x93NUMPY' || start.length < 12) {
    throw wrong(
      'VOLUME_FORMAT_UNKNOWN',
      path,
      'a file that does not begin as numpy writes',
      'a .npy file',
    );
  }
  const isFirst = start[6] === 1;
  const length = isFirst ? start.readUInt16LE(8) : start.readUInt32LE(8);
  const begin = isFirst ? 10 : 12;
  if (begin + length > start.length)
    throw wrong('VOLUME_CORRUPT', path, `a header of ${length} bytes`, 'one that is all there');
  const text = start.toString('latin1', begin, begin + length);
  const [, order = '', type = ''] = DESCR.exec(text) ?? [];
  const dtype = DTYPES[type];
  if (dtype === undefined) {
    throw wrong(
      'VOLUME_TYPE_UNSUPPORTED',
      path,
      `elements of type ${/'descr':\s*([^,}]*)/.exec(text)?.[1]?.slice(0, 40) ?? 'none'}`,
      'integers or reals',
    );
  }
  const shape = shapeIn(path, text);
  const [, fortran] = ORDER.exec(text) ?? [];
  if (fortran === undefined)
    throw wrong('VOLUME_CORRUPT', path, 'no order of its axes', "'fortran_order': True or False");
  // A header that goes on, or ends too soon, says that the elements begin elsewhere.
  const rest = text.replace(DESCR, '').replace(ORDER, '').replace(SHAPE, '');
  if (!/^\s*\{\s*(,\s*){2,3}\} *\n$/.test(rest))
    throw wrong(
      'VOLUME_CORRUPT',
      path,
      'a damaged header',
      "'descr', 'fortran_order' and 'shape' alone",
    );
  return {
    dtype,
    width: Number(type.slice(1)),
    isBigEndian: order === '>',
    isFortran: fortran === 'True',
    shape,
    at: begin + length,
  };
}

function shapeIn(path: string, text: string): readonly number[] {
  const [, inside = ''] = SHAPE.exec(text) ?? [];
  const shape = inside
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(Number);
  const isPossible =
    shape.length >= 2 && shape.length <= 4 && shape.every((n) => Number.isSafeInteger(n) && n >= 1);
  if (isPossible) return shape;
  throw wrong(
    'VOLUME_CORRUPT',
    path,
    `an array of shape (${inside.slice(0, 60)})`,
    '2, 3 or 4 axes of 1 or more',
  );
}

function swap(memory: Buffer, width: number): void {
  if (width === 2) memory.swap16();
  if (width === 4) memory.swap32();
  if (width === 8) memory.swap64();
}

function wrong(
  reason:
    | 'VOLUME_CORRUPT'
    | 'VOLUME_TRUNCATED'
    | 'VOLUME_TOO_LARGE'
    | 'VOLUME_TYPE_UNSUPPORTED'
    | 'VOLUME_FORMAT_UNKNOWN',
  subject: string,
  got: string,
  expected: string,
): SextantError {
  return new SextantError(reason, { subject, got, expected });
}
