import type { z } from 'zod';
import type { Vec3 } from '#geometry';
import { type Checked, type ConfigProblem, check, type JsonPath } from './config-problem.ts';
import type { Field, FieldType } from './field.ts';

/** A field that a transform's argument names. */
export interface FieldUse {
  readonly field: string;
  /** Where in the transform's JSON the name stands, for messages. */
  readonly argument: JsonPath;
  /** The rank that the transform wants; either when not given. */
  readonly rank?: 3 | 4;
}

export type FieldTypes = ReadonlyMap<string, FieldType>;
export type Fault = Omit<ConfigProblem, 'at'>;

export interface RunContext {
  readonly fields: Map<string, Field>;
  /** The extreme points as indices of the network's grid (voxel centres on whole numbers). */
  readonly points: readonly Vec3[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * All that is known of a transform, in one place: the compiler checks chains with it, the runner
 * runs it, and the documentation page is made from it.
 */
export interface TransformDeclaration<Args> {
  /** As chains spell it: `transforms.VolumeTo4dArray`. */
  readonly name: string;
  /** One sentence for the documentation page. */
  readonly summary: string;
  /** The arguments; without `name`, unknown keys refused. */
  readonly schema: z.ZodObject & z.ZodType<Args>;
  /**
   * Whether voxels move. Those that serving has do not: the box is resampled once, before the
   * chain, and probabilities go back through that one map.
   */
  readonly spatial: false;
  /** Intensities are not undone: the network's answer does not depend on their inverse. */
  readonly inverse: 'none';
  reads(args: Args): readonly FieldUse[];
  /** The types after it ran, of every field it changes or makes; or what is wrong. */
  writes(args: Args, types: FieldTypes): ReadonlyMap<string, FieldType> | Fault;
  /** Voxels of the Gaussian that it draws at the extreme points, where it does. */
  sigma?(args: Args): number;
  run(args: Args, context: RunContext): Promise<void>;
}

export function isFault(result: ReadonlyMap<string, FieldType> | Fault): result is Fault {
  return !(result instanceof Map);
}

/** A transform with the arguments that its own schema read. */
export interface BoundTransform {
  reads(): readonly FieldUse[];
  writes(types: FieldTypes): ReadonlyMap<string, FieldType> | Fault;
  readonly sigma: number | undefined;
  run(context: RunContext): Promise<void>;
}

/** A declaration as the registry keeps it: the arguments' type stays inside. */
export interface Transform
  extends Pick<
    TransformDeclaration<unknown>,
    'name' | 'summary' | 'schema' | 'spatial' | 'inverse'
  > {
  /** Reads a transform's JSON, without its name; `path` is where it stands. */
  bind(json: unknown, path: JsonPath): Checked<BoundTransform>;
}

export function declareTransform<Args>(declaration: TransformDeclaration<Args>): Transform {
  return {
    ...declaration,
    bind(json, path) {
      const checked = check<Args>(declaration.schema, json, path);
      if ('problems' in checked) return checked;
      const args = checked.value;
      return {
        value: {
          reads: () => declaration.reads(args),
          writes: (types) => declaration.writes(args, types),
          sigma: declaration.sigma?.(args),
          run: (context) => declaration.run(args, context),
        },
      };
    },
  };
}
