import { z } from 'zod';
import { fieldName } from '../field-names.ts';

const schema = z.strictObject({
  applied_key: fieldName.describe('the field to write'),
  dtype: z
    .enum(['uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32', 'float32', 'float64'])
    .default('uint8')
    .describe('type of the voxels in the file; what does not fit is cut to its range'),
  write_path: z
    .string()
    .optional()
    .describe('folder to write to; `sextant transform -o` overrides it'),
});

export type WriterArguments = z.infer<typeof schema>;

/**
 * The guide's writer: `<folder>/<image's name>/<image's name>_<applied_key>.nii`. When serving, the
 * first writer's `applied_key` names the answer; a mask is uint8 whatever `dtype` says, and nothing
 * is written to a folder.
 */
export const writeNiftyResults = {
  name: 'writers.WriteNiftyResults',
  summary:
    'Writes a field as NIfTI, on the grid that the chain left it on. When serving it names the field that is the answer, whose mask is uint8.',
  schema,
} as const;
