import type { Fields } from './fields.ts';
import { settle } from './regrid.ts';

/** Does every interpolation that a fused chain has put off, so that all fields are on their grids. */
export async function settleFields(
  fields: Fields,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<void> {
  for (const [name, value] of [...fields.entries()]) {
    if (value.kind === 'array' && value.pending !== undefined) {
      fields.set(name, await settle(value, { signal }));
    }
  }
}
