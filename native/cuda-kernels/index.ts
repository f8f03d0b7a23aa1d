export type { Dtype, Element, TypedArray } from './lib/dtype.ts';
export type { Order } from './lib/strides.ts';
export { devices } from './lib/target.ts';
export { Tensor } from './lib/tensor.ts';
export { type ResampleOptions, resample } from './ops/resample/index.ts';
