import { z } from 'zod';
import { perAxis } from '#geometry';
import { declareTransform, type RunContext, withTypes } from '../declaration.ts';
import type { Field } from '../field.ts';
import { fieldNames, namesOf, usesOf } from '../field-names.ts';
import { isLabelName } from '../load/label-name.ts';
import { drawsOf, type RandomDraws } from '../random-draws.ts';
import { regridField } from '../regrid.ts';
import { drawnVoxel } from './crop-sub-volume-pos-neg-ratio-ctrl-epoch.ts';
import { deformed, drawnControlPoints } from './elastic.ts';
import { aboutPoint, millimetreAxes, rotation, scaling } from './linear-map.ts';
import { sizeOf } from './size.ts';

const schema = z.strictObject({
  applied_keys: fieldNames,
  size: sizeOf('voxels along x, y, z after it'),
  deform: z
    .boolean()
    .describe('deform as well: 5 x 5 x 5 control points, moved by up to a twentieth of the size'),
  rotation: z.boolean().describe('turn about x, y and z'),
  rotation_degree: z.number().min(0).max(180).default(0).describe('largest turn, degrees'),
  scale: z.boolean().describe('make larger or smaller'),
  scale_factor: z
    .number()
    .min(0)
    .max(0.9)
    .default(0)
    .describe('largest part by which x, y, z become larger or smaller'),
  pos: z.number().min(0).describe('how often the middle is a voxel of the foreground'),
  neg: z.number().min(0).describe('how often it is one of the background'),
});

type Args = z.infer<typeof schema>;

const CONTROL_POINTS = 5;
const REACH_PART = 1 / 20;

/** Guide 10.2. One interpolation for all of it, however much is asked for. */
export const transformVolumeCropRoiFastPosNegRatio = declareTransform<Args>({
  name: 'transforms_fastaug.TransformVolumeCropROIFastPosNegRatio',
  summary:
    'Cuts `size` voxels around a voxel that is drawn from the foreground or the background of the label, turned, scaled and deformed by amounts that are drawn; all in one interpolation, 0 beyond the image.',
  schema,
  kind: 'spatial',
  isRandom: true,
  inverse: { unless: 'deform' },
  reads: (args) => usesOf(args.applied_keys, 'applied_keys', { axes: 3, hasChannels: true }),
  oneShape: (args) => namesOf(args.applied_keys),
  writes(args, types) {
    const names = namesOf(args.applied_keys);
    const wrong = (path: string, got: string, expected: string) => ({
      path: [path],
      got,
      expected,
    });
    if (!names.some(isLabelName)) {
      return wrong(
        'applied_keys',
        names.join(', '),
        'a label among them, which says what is foreground',
      );
    }
    if (args.pos + args.neg === 0) return wrong('pos', '0, and neg 0', 'one of them above 0');
    return withTypes(types, names, (type) => ({ ...type, shape: args.size }));
  },
  async run(args, context) {
    const names = namesOf(args.applied_keys);
    const draws = drawsOf(context);
    const label = names.find(isLabelName) ?? '';
    const part = args.pos / (args.pos + args.neg);
    const centre = await drawnVoxel(label, context, part, draws);
    const linear = drawnLinear(context.fields.array(names[0] ?? ''), args, draws);
    const toInput = aboutPoint(linear, {
      middle: perAxis((axis) => (args.size[axis] - 1) / 2),
      centre,
    });
    await moveAll(names, { size: args.size, toInput }, args.deform ? draws : undefined, context);
  },
});

/** Always as many draws, whatever is switched on. */
function drawnLinear(field: Field, args: Args, draws: RandomDraws): readonly number[] {
  const degrees = args.rotation ? args.rotation_degree : 0;
  const factor = args.scale ? args.scale_factor : 0;
  const angles = perAxis(() => (draws.uniform(-degrees, degrees) * Math.PI) / 180);
  const factors = perAxis(() => 1 + draws.uniform(-factor, factor));
  return millimetreAxes(field).inVoxels(rotation(angles), scaling(factors));
}

async function moveAll(
  names: readonly string[],
  { size, toInput }: { size: Args['size']; toInput: readonly number[] },
  draws: RandomDraws | undefined,
  { fields, capacity, fuse, signal }: RunContext,
): Promise<void> {
  const count = [CONTROL_POINTS, CONTROL_POINTS, CONTROL_POINTS] as const;
  const reach = perAxis((axis) => size[axis] * REACH_PART);
  using points = draws && drawnControlPoints(count, reach, draws);
  for (const name of names) {
    const field = fields.array(name);
    const room = { capacity: capacity?.get(name), signal };
    const moved =
      points === undefined
        ? await regridField(field, { shape: size, toInput }, { ...room, fuse })
        : await deformed(field, { size, toInput, points }, room);
    fields.set(name, moved);
  }
}
