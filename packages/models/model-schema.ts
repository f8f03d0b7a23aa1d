import { z } from 'zod';

const nodes = z.record(z.string().min(1), z.string().min(1));
const transforms = z.array(z.unknown());
const triple = <T extends z.ZodType>(entry: T) => z.tuple([entry, entry, entry]);

const providerName = z.enum(['cpu', 'cuda', 'tensorrt']);
const provider = z.union(
  [
    providerName,
    z.strictObject({
      name: providerName,
      options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
    }),
  ],
  { error: '"cpu", "cuda" or "tensorrt", or an object with such a name and its options' },
);

/** A model JSON: the guide's keys (4.1.1) first, then Sextant's own. */
export const modelSchema = z.strictObject({
  model_format: z.enum(['onnx', 'trtmodel']),
  /** The network, relative to this file. */
  model_path: z.string().min(1),
  /** Probabilities of this and more are foreground. */
  thresh: z.number().min(0).max(1).default(0.5),
  /** Read and not used yet: masks are patient data and go to the caller alone. */
  result_dir: z.string().optional(),
  /** Chain field -> name of the network's input. */
  input_nodes: nodes,
  /** Chain field -> name of the network's output. */
  output_nodes: nodes,
  /** The network's first dimension where its graph fixes one; a click fills the first image of it. */
  batch_size: z.int().positive().default(1),
  pre_transforms: transforms,
  post_transforms: transforms.default([]),
  writers: transforms,

  /** Voxels of the network's grid, x y z. */
  roi: triple(z.int().positive().max(1024)).optional(),
  /** Millimetres of the network's voxels, instead of `roi`. */
  spacing: triple(z.number().positive()).optional(),
  /** Margin around the points in millimetres. */
  padding: z.number().min(0).optional(),
  /** Margin as a fraction of the points' extent, at least 2 voxels. */
  paddingFraction: z.number().min(0).optional(),
  /** Neighbours of a voxel when the largest component is sought. */
  connectivity: z
    .union([z.literal(6), z.literal(18), z.literal(26)], { error: '6, 18 or 26' })
    .default(6),
  /** Where to run, the first that works. */
  providers: z.array(provider).min(1).optional(),

  description: z.string().default(''),
  version: z.string().default('1'),
  /** The licence of the weights, as an SPDX identifier where one exists. */
  licence: z.string().default(''),
});

export type ModelConfig = z.infer<typeof modelSchema>;
