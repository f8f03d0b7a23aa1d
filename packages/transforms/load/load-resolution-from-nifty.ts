import { z } from 'zod';
import { closestRas, spacingOf, type Vec3 } from '#geometry';
import { readNiftiHeader } from '#volume/nifti';
import { declareTransform, type RunContext } from '../declaration.ts';
import { fieldName } from '../field-names.ts';
import { affineOf } from '../place.ts';

const schema = z.strictObject({
  applied_key: fieldName.describe('the image, loaded or not'),
});

/** Guide 10.2. */
export const loadResolutionFromNifty = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.LoadResolutionFromNifty',
  summary:
    'Makes a field `applied_key` + "_resolution" of the millimetres between voxel centres along x, y, z.',
  schema,
  kind: 'load',
  reads: (args) => [{ field: args.applied_key, argument: ['applied_key'], wants: { kind: 'any' } }],
  writes: (args, types) =>
    new Map(types).set(`${args.applied_key}_resolution`, { kind: 'numbers' }),
  async run({ applied_key: key }, context) {
    const numbers = await spacingNow(key, context);
    context.fields.set(`${key}_resolution`, { kind: 'numbers', numbers });
  },
});

async function spacingNow(key: string, { fields, signal }: RunContext): Promise<Vec3> {
  if (fields.get(key)?.kind === 'file') {
    const [path = ''] = fields.file(key).paths;
    const { grid } = await readNiftiHeader({ path }, { signal });
    return spacingOf(closestRas(grid).grid.affine);
  }
  const { place } = fields.array(key);
  return place === undefined ? [1, 1, 1] : spacingOf(affineOf(place));
}
