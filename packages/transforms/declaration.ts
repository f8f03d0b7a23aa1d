import type { z } from 'zod';
import type { Vec3 } from '#geometry';
import type { Warning } from '#volume';
import { type Checked, type ConfigProblem, check, type JsonPath } from './config-problem.ts';
import type { ArrayType, FieldType } from './field.ts';
import type { Fields } from './fields.ts';
import { assertOneShape } from './one-shape.ts';
import type { Sample } from './random-draws.ts';
import { inStep } from './step-error.ts';

/** A field that a transform's argument names. */
export interface FieldUse {
  readonly field: string;
  /** Where in the transform's JSON the name stands, for messages. */
  readonly argument: JsonPath;
  /** What the transform takes: any array unless said otherwise. */
  readonly wants?: FieldWants;
  /** The transform does without the field where there are points in its place. */
  readonly orPoints?: boolean;
}

export interface FieldWants {
  readonly kind?: FieldType['kind'] | 'any';
  readonly axes?: ArrayType['axes'];
  readonly hasChannels?: boolean;
  /** Affine maps alone have moved the field. */
  readonly isUndeformed?: boolean;
}

export type FieldTypes = ReadonlyMap<string, FieldType>;
export type Fault = Omit<ConfigProblem, 'at'>;

export interface RunContext {
  readonly fields: Fields;
  /**
   * The extreme points that stand for a label: indices of the image as its file has it (voxel
   * centres on whole numbers), or of the network's grid when serving.
   */
  readonly points?: readonly Vec3[] | undefined;
  /** The most channels that a field will ever have, so that room is made once. */
  readonly capacity?: ReadonlyMap<string, number> | undefined;
  /** Join interpolations that follow on each other. */
  readonly fuse?: boolean | undefined;
  /** What random transforms draw for; the first item of the first epoch of seed 0 unless given. */
  readonly sample?: Sample | undefined;
  /** The place of the transform in its chain, which the runner sets. */
  readonly step?: number | undefined;
  /** Hears what the user should know of a field that is used all the same. */
  readonly onWarning?: ((warning: Warning) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a transform is for: where it may stand in a chain, and what the documentation says of it. */
export type TransformKind =
  /** Reads files. */
  | 'load'
  /** Changes values; no voxel moves. */
  | 'intensity'
  /** Moves voxels. */
  | 'spatial'
  /** Makes, splits or renames fields and channels. */
  | 'fields';

/** Whether Invert finds the way back: never from a deformation, which an argument may switch on. */
export type Inverse = 'affine' | 'none' | { readonly unless: string };

/**
 * All that is known of a transform, in one place: the compiler checks chains with it, the runner
 * runs it, and the documentation page is made from it.
 */
export interface TransformDeclaration<Args> {
  /** As the guide prints it: `transforms.VolumeTo4dArray`. */
  readonly name: string;
  /** One or two sentences for the documentation page. */
  readonly summary: string;
  /** The arguments; without `name`, unknown keys refused. Their descriptions are documentation. */
  readonly schema: z.ZodObject & z.ZodType<Args>;
  readonly kind: TransformKind;
  /** Draws random numbers: not for serving. */
  readonly isRandom?: boolean;
  /** Of a spatial one: whether Invert finds the way back through what it does to the fields that it reads. */
  readonly inverse?: Inverse;
  reads(args: Args): readonly FieldUse[];
  /** Fields that it looks at together, which must have the same voxels along x, y, z. */
  oneShape?(args: Args): readonly string[];
  /** The types after it ran, of every field it changes or makes; or what is wrong. */
  writes(args: Args, types: FieldTypes): FieldTypes | Fault;
  /** What of the arguments a server cannot do, beside what `kind` and `isRandom` say. */
  whenServing?(args: Args): Fault | undefined;
  /** Voxels of the Gaussian that it draws at the extreme points, where it does. */
  sigma?(args: Args): number;
  run(args: Args, context: RunContext): Promise<void>;
}

export function isFault(result: FieldTypes | Fault): result is Fault {
  return !(result instanceof Map);
}

/** A transform with the arguments that its own schema read. */
export interface BoundTransform {
  readonly name: string;
  /** Its name, and the argument that switches a deformation on; undefined where it does not deform. */
  readonly deforms: string | undefined;
  reads(): readonly FieldUse[];
  oneShape(): readonly string[];
  writes(types: FieldTypes): FieldTypes | Fault;
  whenServing(): Fault | undefined;
  readonly sigma: number | undefined;
  /** The same for those of its fields that are not among `absent`; undefined where none is left. */
  without(absent: ReadonlySet<string>): BoundTransform | undefined;
  run(context: RunContext): Promise<void>;
}

/** A declaration as the registry keeps it: the arguments' type stays inside. */
export interface Transform
  extends Pick<
    TransformDeclaration<unknown>,
    'name' | 'summary' | 'schema' | 'kind' | 'isRandom' | 'inverse'
  > {
  /** Reads a transform's JSON, without its name; `path` is where it stands. */
  bind(json: unknown, path: JsonPath): Checked<BoundTransform>;
}

export function declareTransform<Args>(declaration: TransformDeclaration<Args>): Transform {
  return {
    ...declaration,
    bind(json, path) {
      const checked = check<Args>(declaration.schema, json, path);
      return 'problems' in checked ? checked : { value: boundTo(declaration, checked.value) };
    },
  };
}

function boundTo<Args>(declaration: TransformDeclaration<Args>, args: Args): BoundTransform {
  const bound: BoundTransform = {
    name: declaration.name,
    deforms: deformationOf(declaration, args),
    reads: () => declaration.reads(args),
    oneShape: () => declaration.oneShape?.(args) ?? [],
    writes: (types) => declaration.writes(args, types),
    whenServing: () => declaration.whenServing?.(args) ?? notForServing(declaration),
    sigma: declaration.sigma?.(args),
    without(absent) {
      const gone = declaration.reads(args).filter(({ field }) => absent.has(field));
      if (gone.length === 0) return bound;
      const left = argumentsWithout(args as Record<string, unknown>, gone);
      return left && boundTo(declaration, left as Args);
    },
    run: (context) => runChecked(declaration, args, context),
  };
  return bound;
}

/** Arguments whose lists of names lack those of `gone`, while at least one name is left in each. */
function argumentsWithout(
  args: Record<string, unknown>,
  gone: readonly FieldUse[],
): Record<string, unknown> | undefined {
  const left = { ...args };
  for (const [argument = ''] of gone.map((use) => use.argument)) {
    const names = args[argument];
    if (!Array.isArray(names)) return undefined;
    const isGone = (index: number) =>
      gone.some((use) => use.argument[0] === argument && use.argument[1] === index);
    const kept = names.filter((_, index) => !isGone(index));
    if (kept.length === 0) return undefined;
    left[argument] = kept;
    // MONAI's list that goes with the names.
    if (Array.isArray(args.mode)) left.mode = args.mode.filter((_, index) => !isGone(index));
  }
  return left;
}

async function runChecked<Args>(
  declaration: TransformDeclaration<Args>,
  args: Args,
  context: RunContext,
): Promise<void> {
  try {
    assertOneShape(context.fields, declaration.oneShape?.(args) ?? []);
    await declaration.run(args, context);
  } catch (error) {
    const names = declaration.reads(args).map(({ field }) => field);
    throw inStep(error, { name: declaration.name, fields: names });
  }
}

function deformationOf<Args>(
  { name, inverse }: TransformDeclaration<Args>,
  args: Args,
): string | undefined {
  if (inverse === 'none') return name;
  if (typeof inverse !== 'object') return undefined;
  const isOn = (args as Readonly<Record<string, unknown>>)[inverse.unless] === true;
  return isOn ? `${name} with "${inverse.unless}"` : undefined;
}

function notForServing({
  kind,
  isRandom,
  name,
}: Pick<Transform, 'kind' | 'isRandom' | 'name'>): Fault | undefined {
  const refused = (what: string, remedy: string): Fault => ({
    path: ['name'],
    got: `"${name}", which ${what}`,
    expected: 'a transform that a server can do',
    remedy,
  });
  if (isRandom) return refused('is random', 'it is for training: take it out of the model JSON');
  if (kind === 'load')
    return refused('reads a file', 'take it out: the image comes with the request');
  if (kind !== 'spatial') return undefined;
  const remedy =
    'take it out: roi, padding and spacing of the model JSON say what box is resampled';
  return refused('moves voxels', remedy);
}

/** The types with those of some fields changed; the others stay. */
export function withTypes(
  types: FieldTypes,
  names: readonly string[],
  change: (type: ArrayType) => FieldType,
): FieldTypes {
  const after = new Map(types);
  for (const name of names) {
    const type = types.get(name);
    if (type?.kind === 'array') after.set(name, change(type));
  }
  return after;
}
