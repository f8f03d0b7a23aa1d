import type { Padding, Vec3 } from '#geometry';
import type { Network } from '#kernels';
import type { Chain } from '#transforms';
import type { ModelType } from './engine-classes.ts';
import type { NetworkGrid } from './network-grid.ts';
import type { Turns } from './turns.ts';

/** What a model says of itself to people and clients. */
export interface ModelDescription {
  readonly name: string;
  readonly className: string;
  readonly type: ModelType;
  /** Names of the mask's values, the first for value 1. */
  readonly labels: readonly string[];
  readonly description: string;
  readonly version: string;
  /** The licence of the weights; empty when the model JSON does not say. */
  readonly licence: string;
  readonly engine: 'onnx';
  readonly device: string;
  /** Voxels of the network's grid along R, A, S; undefined where each click's box makes its own. */
  readonly roi: Vec3 | undefined;
  readonly padding: Padding;
  /** Voxels of the network's grid. */
  readonly sigma: number;
  readonly connectivity: 6 | 18 | 26;
  readonly threshold: number;
}

/** A model that is loaded, warmed up and resident. */
export interface Model {
  readonly name: string;
  readonly description: ModelDescription;
  readonly network: Network;
  readonly chain: Chain;
  readonly grid: NetworkGrid;
  /** The network's first dimension; a click fills the first image. */
  readonly batch: number;
  /** Channels of the network's outputs, by the chain's field. */
  readonly outputChannels: Readonly<Record<string, number>>;
  /** The model JSON's `result_dir`. Written to only with `--keep-results`: masks are patient data. */
  readonly resultDir: string | undefined;
  /** What a caller should hear of: a provider that was not there. */
  readonly warnings: readonly string[];
  readonly turns: Turns;
}
