import { z } from 'zod';

/** One entry of `engine_pool.json` (guide 4.1). */
export const poolEntrySchema = z.strictObject({
  /** Unique in the pool; what requests name. */
  name: z.string().min(1),
  class: z.string(),
  module: z.string(),
  /** The model JSON, relative to the pool file. */
  config_file: z.string().min(1),
  /** Names of the mask's values, the first for value 1. */
  labels: z.array(z.string().min(1)).min(1),
});

export type PoolEntry = z.infer<typeof poolEntrySchema>;
