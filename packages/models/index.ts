export type { ModelType } from './engine-classes.ts';
export { poolError as configurationError } from './file-problem.ts';
export { parseJsonFile } from './json-file.ts';
export { networkTensors } from './load-model.ts';
export {
  loadModelPool,
  type ModelLog,
  type ModelPool,
  type PoolOptions,
} from './load-model-pool.ts';
export type { Model, ModelDescription } from './model.ts';
export { gridShape, type NetworkGrid } from './network-grid.ts';
export type { QueuePlace } from './turns.ts';
