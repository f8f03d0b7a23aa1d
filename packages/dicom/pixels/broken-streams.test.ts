import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SextantError } from '#errors';
import { needs, SHARED } from '../../../test/outside-data.ts';
import { Numbers } from '../fuzz/numbers.ts';
import type { Instance } from '../instance.ts';
import { withHead } from '../scan/head.ts';
import { readHeader } from '../scan/header.ts';
import { instanceOf } from '../scan/instance-of.ts';
import { type DicomWorkers, startDicomWorkers } from '../workers/index.ts';
import { frameBytesOf } from './sample-type.ts';
import { TRANSFER_SYNTAXES } from './transfer-syntaxes.ts';

const DATA = join(SHARED, 'data/dicom');
const INDEX = join(DATA, 'pairs.json');

interface Listed {
  readonly file: string;
  readonly transferSyntax: string;
}

/** Where each stream is cut, as a part of its length. */
const CUTS = [0, 0.001, 0.01, 0.1, 0.5, 0.9, 0.98];
const FLIPS = 30;
const SEED = 17;

/** RLE and deflated frames do not say how large they are. */
const HAS_SIZE = /^1\.2\.840\.10008\.1\.2\.4\./;

const NAMED = ['VOLUME_CORRUPT', 'VOLUME_TRUNCATED', 'TRANSFER_SYNTAX_UNSUPPORTED'];

/** One file of each encapsulated transfer syntax. */
const FILES = new Map<string, string>(
  (existsSync(INDEX) ? (JSON.parse(readFileSync(INDEX, 'utf8')).pairs as Listed[]) : [])
    .filter(({ file }) => !file.endsWith('.j2c'))
    .filter(({ transferSyntax }) => TRANSFER_SYNTAXES[transferSyntax]?.codec !== 'native')
    .map(({ file, transferSyntax }) => [transferSyntax, file]),
);

describe('broken code streams', function () {
  this.timeout(60_000);
  let folder: string;
  let workers: DicomWorkers;

  before(function () {
    needs(this, INDEX, 'the same images in several transfer syntaxes');
    folder = mkdtempSync(join(tmpdir(), 'sextant-test-'));
    workers = startDicomWorkers({ count: 1 });
  });

  after(async () => {
    await workers?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  for (const [uid, file] of FILES) {
    const name = TRANSFER_SYNTAXES[uid]?.name;
    it(`of ${name}: cut, they are refused by name`, async () => {
      const { instance, stream } = streamOf(file);
      for (const part of CUTS) {
        const cut = stream.subarray(0, Math.floor(stream.length * part));
        const outcome = await decode(instance, cut);
        assert.ok(NAMED.includes(outcome), `${part}: ${outcome}`);
      }
    });

    if (HAS_SIZE.test(uid)) {
      it(`of ${name}: of another size than the header's, they are not decoded`, async () => {
        const { instance, stream } = streamOf(file);
        for (const other of [{ rows: instance.pixels.rows - 1 }, { columns: 65535 }]) {
          const pixels = { ...instance.pixels, ...other };
          await assert.rejects(
            decodeOne({ ...instance, pixels }, stream),
            /a code stream of \d+ x \d+/,
          );
        }
      });
    }

    it(`of ${name}: with flipped bits, they are refused by name or read`, async () => {
      const { instance, stream } = streamOf(file);
      for (let n = 0; n < FLIPS; n++) {
        const numbers = new Numbers(SEED, n);
        const flipped = Buffer.from(stream);
        // Half of them in the headers, which decide what is allocated.
        const at = numbers.below(n % 2 === 0 ? Math.min(128, stream.length) : stream.length);
        flipped[at] = (flipped[at] as number) ^ (1 << numbers.below(8));
        const outcome = await decode(instance, flipped);
        assert.ok(outcome === 'READ' || NAMED.includes(outcome), `seed ${SEED}, ${n}: ${outcome}`);
      }
    });
  }

  async function decodeOne({ name, pixels: layout }: Instance, stream: Uint8Array) {
    const path = join(folder, 'stream');
    writeFileSync(path, stream);
    const location = { kind: 'encapsulated', frames: [[[0, stream.length]]] } as const;
    return await workers.decode([{ path, name, layout, location, frames: [0] }]);
  }

  /** READ, or the reason of the refusal. */
  async function decode(instance: Instance, stream: Uint8Array): Promise<string> {
    try {
      const decoded = await decodeOne(instance, stream);
      assert.equal(decoded.bytes.length, frameBytesOf(instance.pixels));
      return 'READ';
    } catch (error) {
      if (error instanceof SextantError) return error.reason;
      throw error;
    }
  }
});

function streamOf(name: string): { instance: Instance; stream: Buffer } {
  const path = join(DATA, name);
  const instance = withHead(path, (head, file) => {
    const header = readHeader(head, file) ?? assert.fail(`${name} is not DICOM`);
    return instanceOf(header, { path, name });
  });
  assert.ok(instance.location.kind === 'encapsulated');
  const bytes = readFileSync(path);
  const fragments = instance.location.frames[0] ?? [];
  const stream = Buffer.concat(fragments.map(([at, length]) => bytes.subarray(at, at + length)));
  return { instance, stream };
}
