import { SextantError } from '#errors';
import type { Grid } from '#proto/sextant/v1/volume';

/** A grid's shape and affine, as `#geometry` has them. */
interface GridLike {
  readonly shape: readonly [number, number, number];
  readonly affine: readonly number[];
}

export function toGridMessage({ shape, affine }: GridLike): Grid {
  return { shape: [...shape], affineRasMm: [...affine] };
}

/** The way back. Throws ARGUMENT_INVALID when the message has not three and sixteen numbers. */
export function fromGridMessage(message: Grid | undefined): GridLike {
  const { shape = [], affineRasMm: affine = [] } = message ?? {};
  const [x, y, z] = shape;
  const whole = shape.length === 3 && affine.length === 16;
  if (!whole || x === undefined || y === undefined || z === undefined) {
    throw new SextantError('ARGUMENT_INVALID', {
      subject: 'grid',
      got: `${shape.length} numbers of shape and ${affine.length} of affine`,
      expected: '3 and 16',
    });
  }
  return { shape: [x, y, z], affine };
}
