import { z } from 'zod';
import { perAxis, type Vec3 } from '#geometry';
import { gaussian, Tensor } from '#kernels';
import { settleField } from '../change-voxels.ts';
import { declareTransform, type RunContext } from '../declaration.ts';
import { shapeOf } from '../field.ts';
import { fieldNames, namesOf, usesOf } from '../field-names.ts';
import { filled } from '../filled.ts';
import { drawsOf } from '../random-draws.ts';

const range = z.tuple([z.number().min(0), z.number().min(0)]);

const schema = z.strictObject({
  fields: fieldNames,
  sigma_x: range.default([0.25, 1.5]).describe('smallest and largest width along x, voxels'),
  sigma_y: range.default([0.25, 1.5]).describe('the same along y'),
  sigma_z: range.default([0.25, 1.5]).describe('the same along z'),
  prob: z.number().min(0).max(1).default(0.1).describe('of smoothing at all'),
});

/** MONAI's transform of that name; the Gaussian is cut at 4 sigma, the border's value goes on beyond it. */
export const randGaussianSmooth = declareTransform<z.infer<typeof schema>>({
  name: 'transforms.RandGaussianSmooth',
  summary: 'With `prob` smooths by a Gaussian whose width along each axis is drawn.',
  schema,
  kind: 'intensity',
  isRandom: true,
  reads: (args) => usesOf(args.fields, 'fields', { axes: 3 }),
  writes(args, types) {
    for (const key of ['sigma_x', 'sigma_y', 'sigma_z'] as const) {
      const [low, high] = args[key];
      if (low > high)
        return { path: [key], got: `[${low}, ${high}]`, expected: 'the smaller first' };
    }
    return types;
  },
  async run(args, context) {
    const draws = drawsOf(context);
    const isDone = draws.chance(args.prob);
    const ranges = [args.sigma_x, args.sigma_y, args.sigma_z] as const;
    const sigma = perAxis((axis) => draws.uniform(...ranges[axis]));
    if (!isDone) return;
    for (const name of namesOf(args.fields)) await smoothed(name, sigma, context);
  },
});

async function smoothed(name: string, sigma: Vec3, context: RunContext): Promise<void> {
  const { fields, capacity, signal } = context;
  const field = await settleField(name, context);
  const { storage, channels } = field;
  const room = Math.max(channels, capacity?.get(name) ?? 0);
  const memory = Tensor.empty('float32', [room, ...shapeOf(field)]);
  const smooth = await filled(memory, async () => {
    using input = storage.slice(0, 0, channels);
    using output = memory.slice(0, 0, channels);
    const how = { sigma: [0, ...sigma], border: 'nearest' as const };
    await gaussian({ input, output, ...how, ...(signal && { signal }) });
  });
  fields.set(name, { ...field, storage: smooth, isShared: false });
}
