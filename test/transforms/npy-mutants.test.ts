import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SextantError } from '#errors';
import { seeded } from '../../packages/geometry/testing/random-grid.ts';
import { readNpy } from '../../packages/transforms/load/read-npy.ts';
import { needsTwin } from './compare.ts';

const COUNT = 2000;
const SEED = 20_260;

/** What numpy.save writes of arrays of 2 x 3 x 4 in both orders, by type. */
const SAVE = `
import sys, numpy as np
for n, (kind, order) in enumerate([('<f4', 'C'), ('>i2', 'F'), ('<f8', 'F'), ('|b1', 'C'), ('<i8', 'C'), ('|u1', 'F')]):
    array = np.asarray(np.arange(24).reshape(2, 3, 4) % (2 if kind == '|b1' else 200), kind, order=order)
    np.save(f'{sys.argv[1]}/whole{n}.npy', array)
`;
const WHOLE = 6;

/** Bytes that mean something in a header, beside any. */
const MEANING = Buffer.from("0123456789-,(){}' <>|=biufcOV\n\0");

const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;

describe('damaged .npy files, beside numpy', function () {
  this.timeout(30_000);
  let folder: string;

  before(function () {
    needsTwin(this);
    folder = mkdtempSync(join(tmpdir(), 'sextant-mutants-'));
  });
  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  const python = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync('/usr/bin/python3', args, { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    return stdout;
  };

  /** A digit or a sign changed; else up to three bytes of the header other ones, left out or twice; now and then the end is missing. */
  function mutant(whole: Buffer, random: () => number): Buffer {
    const below = (n: number) => Math.floor(random() * n);
    let bytes = whole;
    if (random() < 0.5) {
      // One digit or sign for another of its kind: an array of another type or shape.
      const telling = [...whole.subarray(10, 80).entries()].filter(([, byte]) => byte <= 0x3f);
      const [at, byte] = telling[below(telling.length)] ?? assert.fail();
      const kind = [...MEANING].filter((other) => isDigit(other) === isDigit(byte));
      bytes = Buffer.from(whole);
      bytes[10 + at] = kind[below(kind.length)] ?? byte;
      return bytes;
    }
    for (let left = 1 + below(3); left > 0; left--) {
      const at = below(80);
      const other = random() < 0.8 ? (MEANING[below(MEANING.length)] ?? 0) : below(256);
      const [skipped, put] = [
        [1, [other]],
        [1, []],
        [0, [other]],
      ][below(3)] as [number, number[]];
      bytes = Buffer.concat([
        bytes.subarray(0, at),
        Buffer.from(put),
        bytes.subarray(at + skipped),
      ]);
    }
    return random() < 0.1 ? bytes.subarray(0, below(bytes.length)) : bytes;
  }

  async function digest(path: string): Promise<string> {
    using tensor = await readNpy(path);
    const values = Float64Array.from(tensor.toArray() as ArrayLike<number>, Number);
    return createHash('sha1').update(tensor.shape.join(' ')).update(values).digest('hex');
  }

  it(`gives an error with a name, or what numpy gives (${COUNT}, seed ${SEED})`, async () => {
    python('-c', SAVE, folder);
    const whole = Array.from({ length: WHOLE }, (_, n) => join(folder, `whole${n}.npy`));
    const originals = await Promise.all(whole.map(digest));
    const files = whole.map((path) => readFileSync(path));
    const random = seeded(SEED);
    for (let n = 0; n < COUNT; n++) {
      writeFileSync(join(folder, `${n}.npy`), mutant(files[n % WHOLE] ?? assert.fail(), random));
    }
    const numpy = JSON.parse(
      python(join(import.meta.dirname, 'mutants.py'), folder, String(COUNT)),
    ) as (string | null)[];
    let read = 0;
    for (const [n, theirs] of numpy.entries()) {
      const path = join(folder, `${n}.npy`);
      const ours = await digest(path).catch((error: unknown) => {
        assert.ok(error instanceof SextantError && error.reason !== 'INTERNAL', `${n}: ${error}`);
        return undefined;
      });
      if (ours === undefined) continue;
      read += 1;
      // What numpy calls no dictionary may still say all that there is to know.
      const expected = theirs ?? originals[n % WHOLE];
      const header = readFileSync(path).toString('latin1', 0, 90);
      assert.equal(ours, expected, `mutant ${n}: ${JSON.stringify(header)}`);
    }
    assert.ok(read > COUNT / 40 && read < COUNT / 2, `${read} were read`);
  });
});
