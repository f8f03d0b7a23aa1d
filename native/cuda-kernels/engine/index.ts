export {
  Engine,
  type EngineOptions,
  type LoadOptions,
  openEngine,
  type Provider,
} from './engine.ts';
export { Network, type NetworkPort, type RunOptions } from './network.ts';
