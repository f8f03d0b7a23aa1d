import assert from 'node:assert/strict';
import { deflateSync, gzipSync } from 'node:zlib';
import { SextantError } from '#errors';
import { readMetaImage } from '#volume/metaimage';
import { readNrrd } from '#volume/nrrd';

const SEED = 17;
const INPUTS = 3000;
const LONGEST_MS = 2000;
const LIMIT_BYTES = 16 * 2 ** 20;

const VOXELS = Buffer.from(Int16Array.from({ length: 60 }, (_, n) => n * 331).buffer);

const meta = (lines: readonly string[], data: Uint8Array) =>
  Buffer.concat([
    Buffer.from(
      [
        'ObjectType = Image',
        'NDims = 3',
        'DimSize = 5 4 3',
        'ElementSpacing = 1 2 3',
        ...lines,
      ].join('\n'),
    ),
    Buffer.from('\nElementType = MET_SHORT\nElementDataFile = LOCAL\n'),
    data,
  ]);

const nrrd = (lines: readonly string[], data: Uint8Array) =>
  Buffer.concat([
    Buffer.from(
      [
        ...['NRRD0004', 'type: short', 'dimension: 3', 'sizes: 5 4 3', 'space: LPS'],
        ...['space directions: (1,0,0) (0,2,0) (0,0,3)', 'space origin: (1,2,3)', 'endian: little'],
        ...[...lines, '', ''],
      ].join('\n'),
    ),
    data,
  ]);

type Read = (source: { bytes: Uint8Array }, limits: object) => Promise<Disposable>;

const FORMATS: readonly (readonly [name: string, read: Read, corpus: readonly Buffer[]])[] = [
  [
    'MetaImage',
    readMetaImage,
    [
      meta([], VOXELS),
      meta(['CompressedData = True'], deflateSync(VOXELS)),
      meta(['BinaryDataByteOrderMSB = True', 'HeaderSize = -1'], VOXELS),
      meta(['TransformMatrix = 0 1 0 1 0 0 0 0 -1', 'Offset = 1 2 3'], VOXELS),
    ],
  ],
  [
    'NRRD',
    readNrrd,
    [
      nrrd(['encoding: raw'], VOXELS),
      nrrd(['encoding: gzip'], gzipSync(VOXELS)),
      nrrd(
        ['encoding: raw', 'byte skip: -1', 'line skip: 1'],
        Buffer.concat([Buffer.from('x\n'), VOXELS]),
      ),
      nrrd(
        ['encoding: ascii'],
        Buffer.from(new Int16Array(VOXELS.buffer, VOXELS.byteOffset, 60).join(' ')),
      ),
    ],
  ],
];

/** Numbers that break arithmetic on sizes, put in the place of others. */
const EDGES =
  '0 -1 1 2 32768 65535 65536 2147483647 4294967295 9007199254740993 1e308 1e-308 nan inf'.split(
    ' ',
  );

describe('text headers from mutated bytes', function () {
  this.timeout(60_000);
  for (const [name, read, corpus] of FORMATS) {
    it(`of ${name} are read or refused with a reason, in bounded time and memory`, async () => {
      const random = seeded(SEED);
      const before = process.memoryUsage().rss;
      let count = 0;
      for (let n = 0; n < INPUTS; n++) {
        const bytes = mutated(corpus, random);
        const start = performance.now();
        try {
          (await read({ bytes }, { volumeLimitBytes: LIMIT_BYTES }))[Symbol.dispose]();
          count++;
        } catch (error) {
          const isNamed = error instanceof SextantError && error.reason !== 'INTERNAL';
          assert.ok(isNamed, `number ${n}: ${error}; ${JSON.stringify(bytes.toString('latin1'))}`);
        }
        const ms = performance.now() - start;
        assert.ok(ms < LONGEST_MS, `number ${n} took ${ms} ms`);
      }
      assert.ok(count > 0 && count < INPUTS, `${count} of ${INPUTS} were read`);
      assert.ok(process.memoryUsage().rss - before < 256 * 2 ** 20);
    });
  }
});

/** One of the corpus with a few of its numbers, lines or bytes changed, or cut. */
function mutated(corpus: readonly Buffer[], random: () => number): Buffer {
  const chosen = corpus[Math.floor(random() * corpus.length)] ?? Buffer.alloc(0);
  let text = chosen.toString('latin1');
  for (let count = 1 + Math.floor(random() * 3); count > 0; count--) {
    text =
      [otherNumber, otherLine, otherByte, cut][Math.floor(random() * 4)]?.(text, random) ?? text;
  }
  return Buffer.from(text, 'latin1');
}

function otherNumber(text: string, random: () => number): string {
  const numbers = [...text.slice(0, 400).matchAll(/-?\d+(\.\d+)?/g)];
  const found = numbers[Math.floor(random() * numbers.length)];
  const edge = EDGES[Math.floor(random() * EDGES.length)] ?? '0';
  if (found === undefined) return text;
  return text.slice(0, found.index) + edge + text.slice(found.index + found[0].length);
}

function otherLine(text: string, random: () => number): string {
  const lines = text.split('\n');
  const [from, to] = [0, 0].map(() => Math.floor(random() * lines.length)) as [number, number];
  if (random() < 0.3) return lines.toSpliced(from, 1).join('\n');
  return lines.toSpliced(to, random() < 0.5 ? 0 : 1, lines[from] ?? '').join('\n');
}

function otherByte(text: string, random: () => number): string {
  const at = Math.floor(random() * text.length);
  return text.slice(0, at) + String.fromCharCode(Math.floor(random() * 256)) + text.slice(at + 1);
}

function cut(text: string, random: () => number): string {
  return random() < 0.2 ? text.slice(0, Math.floor(random() * text.length)) : text;
}

function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}
