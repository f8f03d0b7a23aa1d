export type { Binding, Chain, Step } from './chain.ts';
export { type ChainContext, type ChainSource, compileChain } from './compile-chain.ts';
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
export type { Field, FieldType } from './field.ts';
export { TRANSFORMS } from './registry.ts';
export { runChain } from './run-chain.ts';
