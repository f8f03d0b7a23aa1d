import type { Vec3 } from '#geometry';
import {
  declareTransform,
  type Fault,
  type FieldUse,
  type RunContext,
  type Transform,
  type TransformDeclaration,
  withTypes,
} from '../declaration.ts';
import { type Field, shapeOf } from '../field.ts';
import { type Interpolation, type Regrid, regridField } from '../regrid.ts';

export interface SpatialDeclaration<Args>
  extends Pick<
    TransformDeclaration<Args>,
    'name' | 'summary' | 'schema' | 'isRandom' | 'inverse' | 'oneShape' | 'whenServing'
  > {
  /** The fields that are read on the new grid, all by the same draws. */
  applied(args: Args): readonly FieldUse[];
  /** Others that it looks at, to see where to go. */
  looksAt?(args: Args): readonly FieldUse[];
  /** Voxels along each axis after it, where they can be told from those before it. */
  shapeAfter(args: Args, before: Vec3 | undefined): Vec3 | undefined | Fault;
  /** Draws once, and says for each field what grid it is to be read on; undefined: it stays. */
  plan(
    args: Args,
    context: RunContext,
  ): Promise<(field: Field, name: string) => Regrid | undefined>;
  /** Of the applied field of this number; undefined: as suits labels or grey values. */
  interpolation?(args: Args, index: number): Interpolation | undefined;
}

/** A transform that reads fields on other grids, by one affine map of indices. */
export function declareSpatial<Args>(declaration: SpatialDeclaration<Args>): Transform {
  const { applied, looksAt, shapeAfter, plan, interpolation, ...facts } = declaration;
  return declareTransform<Args>({
    inverse: 'affine',
    ...facts,
    kind: 'spatial',
    reads: (args) => [...applied(args), ...(looksAt?.(args) ?? [])],
    writes(args, types) {
      const names = applied(args).map(({ field }) => field);
      for (const name of names) {
        const type = types.get(name);
        const after = type?.kind === 'array' ? shapeAfter(args, type.shape) : undefined;
        if (isFaultOf(after)) return after;
      }
      return withTypes(types, names, (type) => {
        const shape = shapeAfter(args, type.shape);
        return { ...type, shape: isFaultOf(shape) ? undefined : shape };
      });
    },
    async run(args, context) {
      const { fields, capacity, fuse, signal } = context;
      const regridOf = await plan(args, context);
      for (const [index, { field: name }] of applied(args).entries()) {
        if (!fields.has(name)) continue;
        const field = fields.array(name);
        const regrid = regridOf(field, name);
        if (regrid === undefined) continue;
        const room = { capacity: capacity?.get(name), interpolation: interpolation?.(args, index) };
        fields.set(name, await regridField(field, regrid, { ...room, fuse, signal }));
      }
    },
  });
}

function isFaultOf(result: Vec3 | undefined | Fault): result is Fault {
  return result !== undefined && !Array.isArray(result);
}

/** The grid of a field that is read backwards along some axes. */
export function flipped(field: Field, axes: readonly number[]): Regrid {
  const shape = shapeOf(field);
  const row = (axis: 0 | 1 | 2) => {
    const turns = axes.includes(axis);
    const steps = [0, 0, 0];
    steps[axis] = turns ? -1 : 1;
    return [...steps, turns ? shape[axis] - 1 : 0];
  };
  return { shape, toInput: [...row(0), ...row(1), ...row(2)] };
}
