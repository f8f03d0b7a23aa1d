import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { invertAffine, ioOrientation, orientationCode, transformPoint } from '#geometry';
import { randomGrid, seeded } from './testing/random-grid.ts';

interface Expected {
  name: string;
  affine: number[];
  orientation: [number, number][];
  anyOrder: [number, number][][];
  code: string;
  inverse: number[];
  applied: [number, number, number][];
}

const SCRIPT = fileURLToPath(new URL('expected.py', import.meta.url));
const TABLE = fileURLToPath(new URL('expected.json', import.meta.url));
const POINTS = [
  [0, 0, 0],
  [3, -2.5, 7.25],
  [100, 50, 25],
] as const;

describe('geometry beside nibabel', () => {
  for (const expected of JSON.parse(readFileSync(TABLE, 'utf8')) as Expected[]) {
    it(`agrees on ${expected.name}`, () => assertAgrees(expected));
  }

  it('agrees on 300 random affines, asked live', function () {
    const random = seeded(7);
    const asked = Array.from({ length: 300 }, (_, number) => ({
      name: `random ${number}`,
      affine: randomGrid(random).affine,
    }));
    const python = spawnSync('/usr/bin/python3', [SCRIPT, '--stdin'], {
      input: JSON.stringify(asked),
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    if (python.status !== 0) {
      const why = `nibabel cannot be asked: ${python.error?.message ?? python.stderr.trim()}`;
      if (process.env.CI === 'true') assert.fail(why);
      console.log(`      SKIPPED: ${why} (apt-get install python3-nibabel)`);
      this.skip();
    }
    const answers = JSON.parse(python.stdout) as Expected[];
    assert.equal(answers.length, asked.length);
    answers.forEach(assertAgrees);
    const competing = answers.filter(({ anyOrder }) => anyOrder.length > 1).length;
    assert.ok(competing > 10 && competing < 200, `${competing} of 300 have competing columns`);
  });
});

/**
 * Where nibabel's answer does not depend on the order of the columns it must be ours; where it
 * does, ours must be one of its answers.
 */
function assertAgrees(expected: Expected): void {
  const { name, affine, anyOrder } = expected;
  const ours = ioOrientation(affine).map(({ axis, flip }) => [axis, flip ? -1 : 1]);
  const context = `${name}: ${JSON.stringify(affine)}, ours ${JSON.stringify(ours)}`;
  assert.ok(
    anyOrder.some((answer) => JSON.stringify(answer) === JSON.stringify(ours)),
    `${context}, nibabel's ${JSON.stringify(anyOrder)}`,
  );
  if (anyOrder.length === 1) assert.equal(orientationCode(affine), expected.code, context);
  assertClose(invertAffine(affine), expected.inverse, context);
  POINTS.forEach((point, index) => {
    assertClose(transformPoint(affine, point), expected.applied[index] ?? [], context);
  });
}

function assertClose(
  actual: readonly number[],
  expected: readonly number[],
  context: string,
): void {
  assert.equal(actual.length, expected.length, context);
  actual.forEach((value, index) => {
    const wanted = expected[index] ?? Number.NaN;
    const tolerance = 1e-11 * Math.max(1, ...expected.map(Math.abs));
    assert.ok(Math.abs(value - wanted) <= tolerance, `${context}: ${value} is not ${wanted}`);
  });
}
