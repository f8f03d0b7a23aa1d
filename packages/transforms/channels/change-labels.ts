import { z } from 'zod';
import { type Connectivity, move, type Tensor } from '#kernels';
import { assertByteLabels } from '../byte-labels.ts';
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

/** The labels to take one by one, of a channel as uint8 [x, y, z]; `undefined` stands for all together. */
type WhichLabels = (
  channel: Tensor,
  signal: AbortSignal | undefined,
) => readonly (number | undefined)[] | Promise<readonly number[]>;

/**
 * Runs an operation on each channel as labels 0 to 255: once for each of the labels asked for, or else
 * of those that `byDefault` says.
 *
 * @throws SextantError ARGUMENT_INVALID for a field whose labels are beyond those
 */
export async function changeLabels(
  { fields, applied_labels: labels, connectivity }: LabelChange,
  context: RunContext,
  operation: (options: {
    readonly mask: Tensor;
    readonly connectivity: Connectivity;
    readonly label?: number;
    readonly signal?: AbortSignal;
  }) => Promise<unknown>,
  byDefault: WhichLabels = () => [undefined],
): Promise<void> {
  const cancel = context.signal === undefined ? {} : { signal: context.signal };
  for (const name of namesOf(fields)) {
    await changeChannels(
      name,
      context,
      async (input, mask) => {
        await assertByteLabels(name, input, context.signal);
        if (input !== mask) await move({ input, output: mask, ...cancel });
        for (const label of labels ?? (await byDefault(mask, context.signal))) {
          const which = label === undefined ? {} : { label };
          await operation({ mask, connectivity, ...which, ...cancel });
        }
      },
      { dtype: 'uint8' },
    );
  }
}
