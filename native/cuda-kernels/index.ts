export {
  type DeflateBlockOptions,
  type DeflatedBlock,
  deflateBlock,
  hasFastDeflate,
  type InflatedPiece,
  Inflater,
} from './deflate/index.ts';
export {
  Engine,
  type EngineOptions,
  type LoadOptions,
  Network,
  type NetworkPort,
  openEngine,
  type Provider,
  type RunOptions,
} from './engine/index.ts';
export type { Border } from './lib/border.ts';
export type { Dtype, Element, TypedArray } from './lib/dtype.ts';
export { philox4x32 } from './lib/philox.ts';
export type { Order } from './lib/strides.ts';
export { devices, tensorBytes } from './lib/target.ts';
export { Tensor } from './lib/tensor.ts';
export { type ArgmaxOptions, argmax } from './ops/argmax/index.ts';
export {
  type Connectivity,
  type FillHolesOptions,
  fillHoles,
  type LabelComponentsOptions,
  type LargestComponentOptions,
  labelComponents,
  largestComponent,
} from './ops/components/index.ts';
export { type DistanceTransformOptions, distanceTransform } from './ops/distance/index.ts';
export {
  type ExtremePointsKernel,
  type ExtremePointsOptions,
  extremePoints,
} from './ops/extreme_points/index.ts';
export { type GaussianOptions, gaussian } from './ops/gaussian/index.ts';
export {
  BIAS_TERMS,
  type IndexedMap,
  type IndexedMapOptions,
  indexedMap,
  type RandomStream,
} from './ops/indexed_map/index.ts';
export { type MaskedSelectOptions, maskedSelect } from './ops/masked_select/index.ts';
export { type MoveOptions, move } from './ops/move/index.ts';
export { type PercentilesOptions, percentiles } from './ops/order_statistics/index.ts';
export { type LabelOverlap, type OverlapOptions, overlap } from './ops/overlap/index.ts';
export { type PointwiseMap, type PointwiseOptions, pointwise } from './ops/pointwise/index.ts';
export { type ResampleOptions, resample } from './ops/resample/index.ts';
export {
  type ResampleThresholdOptions,
  resampleThreshold,
  type SetBounds,
} from './ops/resample_threshold/index.ts';
export { type RunLengthsOptions, runLengths } from './ops/run_lengths/index.ts';
export { type SoftmaxOptions, softmax } from './ops/softmax/index.ts';
export { type Statistics, type StatisticsOptions, statistics } from './ops/statistics/index.ts';
export {
  type DirectedDistances,
  type SurfaceDistances,
  type SurfaceDistancesOptions,
  surfaceDistances,
} from './ops/surface_distance/index.ts';
export { type WarpOptions, warp } from './ops/warp/index.ts';
export {
  type ReadSamplesOptions,
  type ReserveFileOptions,
  readSamples,
  reserveFile,
  type StoredSample,
} from './samples/index.ts';
