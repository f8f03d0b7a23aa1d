import { z } from 'zod';

const schema = z.strictObject({
  applied_key: z.string().min(1),
  dtype: z
    .enum(['uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32', 'float32', 'float64'])
    .default('uint8'),
  write_path: z.string().optional(),
});

/**
 * The guide's writer. When serving, the first writer's `applied_key` names the answer; a mask is
 * uint8 whatever `dtype` says, and nothing is written to a folder.
 */
export const writeNiftyResults = {
  name: 'writers.WriteNiftyResults',
  summary: 'Names the field that is the answer; when serving its mask is uint8.',
  schema,
} as const;
