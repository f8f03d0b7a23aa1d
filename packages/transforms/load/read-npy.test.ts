import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reason } from '#errors';
import { readNpy } from './read-npy.ts';

const SHAPE = [2, 3, 4];
const COUNT = 24;

/** numpy's own format (NEP 1) around elements, with any dictionary. */
function npy(dictionary: string, elements: Uint8Array, version = 1): Buffer {
  const first = version === 1 ? 10 : 12;
  const text = `${dictionary.padEnd(Math.ceil((first + dictionary.length + 1) / 64) * 64 - first - 1)}\n`;
  const head = Buffer.alloc(first);
  head.write('\x93NUMPY', 'latin1');
  head[6] = version;
  if (version === 1) head.writeUInt16LE(text.length, 8);
  else head.writeUInt32LE(text.length, 8);
  return Buffer.concat([head, Buffer.from(text, 'latin1'), elements]);
}

const dictionary = (descr: string, isFortran = 'False', shape = '(2, 3, 4)') =>
  `{'descr': ${descr}, 'fortran_order': ${isFortran}, 'shape': ${shape}, }`;

/** The numbers 0 to 23, each written by `write`. */
function numbers(width: number, write: (view: DataView, at: number, n: number) => void) {
  const bytes = new Uint8Array(COUNT * width);
  const view = new DataView(bytes.buffer);
  for (let n = 0; n < COUNT; n++) write(view, n * width, n);
  return bytes;
}

/** 2^53 + 2 and so on: what a float32 could not hold, and an int32 neither. */
const BIG = 2n ** 53n;

const KINDS: readonly (readonly [
  descr: string,
  dtype: string,
  Uint8Array,
  (n: number) => unknown,
])[] = [
  ["'|u1'", 'uint8', numbers(1, (v, at, n) => v.setUint8(at, n + 200)), (n) => n + 200],
  ["'|i1'", 'int8', numbers(1, (v, at, n) => v.setInt8(at, n - 12)), (n) => n - 12],
  ["'|b1'", 'uint8', numbers(1, (v, at, n) => v.setUint8(at, n % 2)), (n) => n % 2],
  [
    "'<u2'",
    'uint16',
    numbers(2, (v, at, n) => v.setUint16(at, n + 60_000, true)),
    (n) => n + 60_000,
  ],
  ["'>i2'", 'int16', numbers(2, (v, at, n) => v.setInt16(at, n - 300)), (n) => n - 300],
  ["'>u4'", 'uint32', numbers(4, (v, at, n) => v.setUint32(at, n + 2 ** 31)), (n) => n + 2 ** 31],
  [
    "'<i4'",
    'int32',
    numbers(4, (v, at, n) => v.setInt32(at, n - 2 ** 30, true)),
    (n) => n - 2 ** 30,
  ],
  [
    "'<u8'",
    'uint64',
    numbers(8, (v, at, n) => v.setBigUint64(at, BIG + BigInt(n), true)),
    (n) => BIG + BigInt(n),
  ],
  [
    "'>i8'",
    'int64',
    numbers(8, (v, at, n) => v.setBigInt64(at, -BIG - BigInt(n))),
    (n) => -BIG - BigInt(n),
  ],
  ["'<f4'", 'float32', numbers(4, (v, at, n) => v.setFloat32(at, n / 4, true)), (n) => n / 4],
  ["'>f4'", 'float32', numbers(4, (v, at, n) => v.setFloat32(at, n / 4)), (n) => n / 4],
  ["'>f8'", 'float64', numbers(8, (v, at, n) => v.setFloat64(at, n / 3)), (n) => n / 3],
];

const HOSTILE: readonly (readonly [what: string, file: Uint8Array, Reason, RegExp])[] = [
  ['an empty file', new Uint8Array(), 'VOLUME_FORMAT_UNKNOWN', /begin as numpy/],
  [
    'another format',
    Buffer.from('PK\x03\x04 an archive'),
    'VOLUME_FORMAT_UNKNOWN',
    /begin as numpy/,
  ],
  [
    'a header cut off',
    npy(dictionary("'<f4'"), new Uint8Array()).subarray(0, 60),
    'VOLUME_CORRUPT',
    /header of 118 bytes/,
  ],
  [
    'elements cut off',
    npy(dictionary("'<f4'"), new Uint8Array(95)),
    'VOLUME_TRUNCATED',
    /expected 96.*got 95/,
  ],
  ['no elements', npy(dictionary("'<f4'"), new Uint8Array()), 'VOLUME_TRUNCATED', /got 0 bytes/],
  [
    '10^15 elements',
    npy(dictionary("'<f4'", 'False', '(100000, 100000, 100000)'), new Uint8Array(8)),
    'VOLUME_TOO_LARGE',
    /at most 4294967296/,
  ],
  [
    'more elements than a double counts',
    npy(dictionary("'|u1'", 'False', `(${'9007199254740991, '.repeat(3)})`), new Uint8Array(8)),
    'VOLUME_TOO_LARGE',
    /./,
  ],
  [
    'an extent that no double holds',
    npy(dictionary("'|u1'", 'False', `(${'9'.repeat(400)}, 1, 1)`), new Uint8Array(8)),
    'VOLUME_CORRUPT',
    /shape/,
  ],
  [
    'a negative extent',
    npy(dictionary("'<f4'", 'False', '(-2, 3, 4)'), new Uint8Array(96)),
    'VOLUME_CORRUPT',
    /shape/,
  ],
  [
    'an extent of 0',
    npy(dictionary("'<f4'", 'False', '(2, 0, 4)'), new Uint8Array(96)),
    'VOLUME_CORRUPT',
    /shape \(2, 0, 4\)/,
  ],
  [
    'no axes',
    npy(dictionary("'<f4'", 'False', '()'), new Uint8Array(4)),
    'VOLUME_CORRUPT',
    /2, 3 or 4 axes/,
  ],
  [
    'five axes',
    npy(dictionary("'<f4'", 'False', '(1, 1, 2, 3, 4)'), new Uint8Array(96)),
    'VOLUME_CORRUPT',
    /2, 3 or 4 axes/,
  ],
  [
    'no shape',
    npy("{'descr': '<f4', 'fortran_order': False, }", new Uint8Array(96)),
    'VOLUME_CORRUPT',
    /shape/,
  ],
  [
    'no order',
    npy("{'descr': '<f4', 'shape': (2, 3, 4), }", new Uint8Array(96)),
    'VOLUME_CORRUPT',
    /fortran_order/,
  ],
  [
    'an order that is none',
    npy(dictionary("'<f4'", 'Perhaps'), new Uint8Array(96)),
    'VOLUME_CORRUPT',
    /fortran_order/,
  ],
  [
    'objects, which are code',
    npy(dictionary("'|O'"), new Uint8Array(96)),
    'VOLUME_TYPE_UNSUPPORTED',
    /'\|O'/,
  ],
  ['half floats', npy(dictionary("'<f2'"), new Uint8Array(48)), 'VOLUME_TYPE_UNSUPPORTED', /'<f2'/],
  [
    'complex numbers',
    npy(dictionary("'<c8'"), new Uint8Array(192)),
    'VOLUME_TYPE_UNSUPPORTED',
    /'<c8'/,
  ],
  ['text', npy(dictionary("'<U4'"), new Uint8Array(384)), 'VOLUME_TYPE_UNSUPPORTED', /'<U4'/],
  [
    'records',
    npy(dictionary("[('a', '<f4')]"), new Uint8Array(96)),
    'VOLUME_TYPE_UNSUPPORTED',
    /integers or reals/,
  ],
  [
    'a type as long as a file',
    npy(dictionary(`'<f${'4'.repeat(5000)}'`), new Uint8Array(96)),
    'VOLUME_TYPE_UNSUPPORTED',
    /.{0,300}/,
  ],
  [
    'a header longer than numpy writes',
    npy(`${dictionary("'<f4'")}${' '.repeat(70_000)}`, new Uint8Array(96), 2),
    'VOLUME_CORRUPT',
    /a header of 7\d+ bytes/,
  ],
];

describe('readNpy', () => {
  let folder: string;
  let path: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-npy-'));
    path = join(folder, 'array.npy');
  });
  after(() => rmSync(folder, { recursive: true }));

  /** Elements in C order, whatever the file has. */
  async function read(file: Uint8Array) {
    writeFileSync(path, file);
    using tensor = await readNpy(path);
    return { dtype: tensor.dtype, shape: [...tensor.shape], values: [...tensor.toArray()] };
  }

  for (const [descr, dtype, elements, value] of KINDS) {
    it(`reads ${descr} in either order`, async () => {
      const inFile = Array.from({ length: COUNT }, (_, n) => value(n));
      const c = await read(npy(dictionary(descr), elements));
      assert.deepEqual(c, { dtype, shape: SHAPE, values: inFile });
      const fortran = await read(npy(dictionary(descr, 'True'), elements));
      // Element (x, y, z) is the (x + 2 y + 6 z)th of the file.
      const turned = inFile.map((_, n) => {
        const [x, y, z] = [Math.floor(n / 12), Math.floor(n / 4) % 3, n % 4];
        return inFile[x + 2 * y + 6 * z];
      });
      assert.deepEqual(fortran, { dtype, shape: SHAPE, values: turned });
    });
  }

  it('reads later versions, other spaces, and what stands behind the elements', async () => {
    const elements = numbers(1, (view, at, n) => view.setUint8(at, n));
    // As numpy writes it but for spaces.
    const tight = "{'descr':'|u1','fortran_order':False,'shape':(2,3,4)}";
    const files = [
      npy(dictionary("'|u1'"), elements, 2),
      npy(dictionary("'|u1'"), elements, 3),
      npy(tight, elements),
      npy(dictionary("'|u1'"), Buffer.concat([elements, Buffer.from('more')])),
    ];
    for (const file of files) {
      assert.deepEqual((await read(file)).values, [...elements]);
    }
  });

  for (const [what, file, reason, message] of HOSTILE) {
    it(`refuses ${what}`, async () => {
      const failure = await read(file).catch((error: unknown) => error);
      assert.ok(failure instanceof Error, 'it was read');
      assert.equal((failure as { reason?: unknown }).reason, reason);
      assert.match(failure.message, message);
      assert.ok(failure.message.length < 400 + path.length, `${failure.message.length} characters`);
    });
  }

  it('names a file that is not there, and a folder', async () => {
    await assert.rejects(readNpy(join(folder, 'none.npy')), { reason: 'FILE_UNREADABLE' });
    await assert.rejects(readNpy(folder), { reason: 'FILE_UNREADABLE' });
  });
});
