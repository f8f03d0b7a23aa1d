import { fileURLToPath } from 'node:url';
import { openEngine } from '#kernels';
import { loadModelPool, type ModelPool } from '#models';

const POOL = fileURLToPath(new URL('../../../models/engine_pool.json', import.meta.url));

/** The models of the repository. Dispose the pool. */
export function shippedModels(): Promise<ModelPool> {
  return loadModelPool(POOL, { engine: openEngine() });
}
