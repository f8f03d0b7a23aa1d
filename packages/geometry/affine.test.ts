import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SextantError } from '#errors';
import { identityAffine, invertAffine, isSingular, spacingOf, transformPoint } from '#geometry';
import { randomGrid, seeded } from './testing/random-grid.ts';

describe('affines', () => {
  it('takes a point there and back', () => {
    const coordinate = fc.double({ min: -500, max: 500, noNaN: true });
    fc.assert(
      fc.property(fc.integer(), fc.tuple(coordinate, coordinate, coordinate), (seed, point) => {
        const { affine } = randomGrid(seeded(seed));
        const back = transformPoint(invertAffine(affine), transformPoint(affine, point));
        for (const axis of [0, 1, 2] as const) {
          assert.ok(Math.abs(back[axis] - point[axis]) < 1e-9, `${back} is not ${point}`);
        }
      }),
    );
  });

  it('gives spacings as lengths of columns', () => {
    assert.deepEqual(spacingOf([0, -3, 0, 9, 4, 0, 0, 9, 0, 0, 0.5, 9, 0, 0, 0, 1]), [4, 3, 0.5]);
  });

  it('inverts spacings far from 1 without running out of exponent', () => {
    const tiny = identityAffine.map((value, index) => (index < 12 ? value * 1e-150 : value));
    const back = transformPoint(invertAffine(tiny), transformPoint(tiny, [1, 2, 3]));
    for (const axis of [0, 1, 2] as const) {
      assert.ok(Math.abs(back[axis] - (axis + 1)) < 1e-12, `${back}`);
    }
  });

  const singular: Record<string, number[]> = {
    'a zero column': [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    'two parallel columns': [1, 2, 0, 0, 1, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    'columns in one plane': [1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    'a flat one within float32 noise': [1, 1, 0, 0, 0, 1e-8, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    NaN: [Number.NaN, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    'an infinite origin': [1, 0, 0, Number.POSITIVE_INFINITY, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    'twelve numbers': [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
    'lengths beyond a double': [1e200, 0, 0, 0, 1e308, 1, 0, 0, 1.7e308, 0, 1, 0, 0, 0, 0, 1],
  };
  for (const [name, affine] of Object.entries(singular)) {
    it(`refuses ${name}`, () => {
      assert.ok(isSingular(affine));
      assert.throws(
        () => invertAffine(affine),
        (error) => error instanceof SextantError && error.reason === 'VOLUME_AFFINE_SINGULAR',
      );
    });
  }

  it('keeps a strongly anisotropic affine', () => {
    assert.ok(!isSingular([1e-4, 0, 0, 0, 0, 1e-4, 0, 0, 0, 0, 1e4, 0, 0, 0, 0, 1]));
  });
});
