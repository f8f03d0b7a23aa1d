export type { Binding, Chain, Step } from './chain/chain.ts';
export { type ChainContext, type ChainSource, compileChain } from './chain/compile-chain.ts';
export {
  compilePreparation,
  type Preparation,
  type PreparationSource,
} from './chain/compile-preparation.ts';
export { type Item, prepareItem } from './chain/prepare-item.ts';
export { runChain } from './chain/run-chain.ts';
export {
  type Checked,
  type ConfigProblem,
  check,
  type JsonPath,
  shown,
  unknownKey,
  unknownName,
} from './config-problem.ts';
export type { RunContext, Transform, TransformDeclaration } from './declaration.ts';
export { type Field, type FieldType, fieldOf, shapeOf } from './field.ts';
export { Fields } from './fields.ts';
export { MOST_CHANNELS, MOST_VOXELS } from './limits.ts';
export { finiteVoxels } from './load/finite-voxels.ts';
export { affineOf, gridOf, type Place } from './place.ts';
export type { Sample } from './random-draws.ts';
export { findTransform, TRANSFORMS } from './registry.ts';
export { settleFields } from './settle-fields.ts';
export { writeNiftyResults } from './write/write-nifty-results.ts';
