import { z } from 'zod';
import { type Connectivity, move, type Tensor } from '#kernels';
import { changeChannels } from '../change-voxels.ts';
import type { RunContext } from '../declaration.ts';
import { type FieldNames, namesOf } from '../field-names.ts';

export const connectivity = z
  .union([z.literal(6), z.literal(18), z.literal(26)])
  .default(6)
  .describe('voxels touch by a face (6), also by an edge (18), also by a corner (26)');

export function appliedLabels(what: string) {
  return z.array(z.int().min(1).max(255)).min(1).optional().describe(what);
}

interface LabelChange {
  readonly fields: FieldNames;
  readonly applied_labels?: readonly number[] | undefined;
  readonly connectivity: Connectivity;
}

/** Runs an operation on each channel as labels 0 to 255: once for each label, or for all together. */
export async function changeLabels(
  { fields, applied_labels: labels, connectivity }: LabelChange,
  context: RunContext,
  operation: (options: {
    readonly mask: Tensor;
    readonly connectivity: Connectivity;
    readonly label?: number;
    readonly signal?: AbortSignal;
  }) => Promise<unknown>,
): Promise<void> {
  const cancel = context.signal === undefined ? {} : { signal: context.signal };
  for (const name of namesOf(fields)) {
    await changeChannels(
      name,
      context,
      async (input, mask) => {
        if (input !== mask) await move({ input, output: mask, ...cancel });
        for (const label of labels ?? [undefined]) {
          const which = label === undefined ? {} : { label };
          await operation({ mask, connectivity, ...which, ...cancel });
        }
      },
      { dtype: 'uint8' },
    );
  }
}
