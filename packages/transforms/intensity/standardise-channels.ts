import { pointwise, statistics } from '#kernels';
import { changeChannels } from '../change-voxels.ts';
import type { RunContext } from '../declaration.ts';
import { type FieldNames, namesOf } from '../field-names.ts';
import { AS_REAL } from './as-real.ts';

/**
 * Per channel: the mean away, divided by the population's deviation. With `skipZeros` both are of
 * the voxels that are not 0, and zeros stay 0. A channel without such voxels stays.
 */
export async function standardiseChannels(
  names: FieldNames,
  context: RunContext,
  { skipZeros }: { skipZeros: boolean },
): Promise<void> {
  const cancel = context.signal === undefined ? {} : { signal: context.signal };
  for (const name of namesOf(names)) {
    await changeChannels(name, context, async (input, output) => {
      const { count, mean, std } = await statistics({ input, skipZeros, ...cancel });
      const map = { kind: 'standardise', mean, std, keepZeros: skipZeros } as const;
      await pointwise({ input, output, map: count === 0 ? AS_REAL : map, ...cancel });
    });
  }
}
