import { z } from 'zod';
import { SextantError } from '#errors';
import { identityMap, invertMap } from '#geometry';
import { declareTransform, type RunContext, withTypes } from '../declaration.ts';
import { type Field, shapeOf } from '../field.ts';
import { fieldName, fieldNames, namesOf, usesOf } from '../field-names.ts';
import { assertWayBack } from '../no-way-back.ts';
import type { Place } from '../place.ts';
import { type Interpolation, regridField } from '../regrid.ts';
import { interpolationOf, mode, modeFault } from './mode.ts';

const schema = z.strictObject({
  fields: fieldNames,
  reference: fieldName
    .default('image')
    .describe('the field that was prepared as these were: says where they lie when no file does'),
  mode,
});

const REMEDY = 'take Rand3DElastic, or deform, out of the chain that is to be inverted';

/** Named as MONAI's Invertd; works on any chain whose steps move voxels by affine maps. */
export const invert = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.Invert',
  summary:
    'Brings fields back onto the voxels of the file that they came from, through all that moved them, in one step: exactly where only crops, flips and turns did, else with one interpolation. Outside of what was kept there is 0.',
  schema,
  kind: 'spatial',
  inverse: 'affine',
  reads: (args) => [
    ...usesOf(args.fields, 'fields', { axes: 3, isUndeformed: true }),
    { field: args.reference, argument: ['reference'], wants: { axes: 3 } },
  ],
  writes: (args, types) =>
    modeFault(args.fields, args.mode) ??
    withTypes(types, namesOf(args.fields), (type) => ({ ...type, shape: undefined })),
  async run({ fields: names, reference, mode: modes }, context) {
    for (const [index, name] of namesOf(names).entries()) {
      const interpolation = interpolationOf(modes, index);
      await bringBack(name, { reference, interpolation }, context);
    }
  },
});

/** A field back on the grid of its file, or of the file of the field that it was prepared like. */
export async function bringBack(
  name: string,
  { reference, interpolation }: { reference: string; interpolation: Interpolation | undefined },
  { fields, signal }: RunContext,
): Promise<void> {
  const field = fields.array(name);
  const place = field.place ?? placeOf(fields.array(reference), field, name);
  assertWayBack({ place }, { field: name, remedy: REMEDY });
  const regrid = { shape: place.origin.shape, toInput: invertMap(place.toOrigin) };
  const back = await regridField(field, regrid, { interpolation, signal });
  // By what it is, not by a product of rounded maps.
  fields.set(name, { ...back, place: { ...place, toOrigin: identityMap } });
}

function placeOf(reference: Field, field: Field, name: string): Place {
  const [theirs, own] = [shapeOf(reference).join(' x '), shapeOf(field).join(' x ')];
  if (reference.place !== undefined && theirs === own) return reference.place;
  throw new SextantError('CONFIG_INVALID', {
    subject: name,
    got: `${own} voxels, which no file was read for`,
    expected: `the ${theirs} voxels of its reference, which lie where it lies`,
    remedy: 'name as `reference` the field that the network was given',
  });
}
