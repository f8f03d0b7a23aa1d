import { type Grid, orientationCode, spacingOf } from '#geometry';

/** A grid in a few words: `512 x 512 x 300, 0.7 x 0.7 x 1 mm, RAS`. */
export function gridText({ shape, affine }: Grid): string {
  const spacing = spacingOf(affine).map((mm) => Number(mm.toPrecision(3)));
  return `${shape.join(' x ')}, ${spacing.join(' x ')} mm, ${orientationCode(affine)}`;
}
