import { pointwise, statistics } from '#kernels';
import type { RunContext } from './declaration.ts';
import { eachChannel } from './field.ts';
import { type FieldNames, namesOf } from './field-names.ts';

/**
 * In place and per channel: the mean away, divided by the population's deviation. With `skipZeros`
 * both are of the voxels that are not 0, and zeros stay 0. A channel without such voxels stays.
 */
export async function standardiseChannels(
  names: FieldNames,
  { fields, signal }: RunContext,
  { skipZeros }: { skipZeros: boolean },
): Promise<void> {
  const cancel = signal === undefined ? {} : { signal };
  for (const name of namesOf(names)) {
    const field = fields.get(name);
    if (field === undefined) continue;
    await eachChannel(field, async (channel) => {
      const { count, mean, std } = await statistics({ input: channel, skipZeros, ...cancel });
      if (count === 0) return;
      const map = { kind: 'standardise', mean, std, keepZeros: skipZeros } as const;
      await pointwise({ input: channel, output: channel, map, ...cancel });
    });
  }
}
