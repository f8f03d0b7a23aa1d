import { SextantError } from '#errors';
import { shapeOf } from './field.ts';
import type { Fields } from './fields.ts';

/**
 * Throws where fields that a transform looks at together do not have the same voxels along x, y, z.
 * @throws SextantError ARGUMENT_INVALID
 */
export function assertOneShape(fields: Fields, names: readonly string[]): void {
  const [first = '', ...others] = names.filter((name) => fields.has(name));
  for (const name of others) {
    const [wanted, got] = [shapeOf(fields.array(first)), shapeOf(fields.array(name))];
    if (wanted.every((extent, axis) => extent === got[axis])) continue;
    throw new SextantError('ARGUMENT_INVALID', {
      subject: name,
      got: `${got.join(' x ')} voxels`,
      expected: `${wanted.join(' x ')}, as "${first}" has: they belong together`,
      remedy: 'check that both files are of one image, and that the same transforms move both',
    });
  }
}
