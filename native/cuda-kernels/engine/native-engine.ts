import type { JobArguments } from '../lib/job.ts';
import type { NativeTensor } from '../lib/native.ts';
import type { NetworkPort } from './network.ts';

export type EngineHandle = { readonly engineHandle: unique symbol };
export type NetworkHandle = { readonly networkHandle: unique symbol };

export interface NativeNetwork {
  readonly handle: NetworkHandle;
  readonly inputs: readonly NetworkPort[];
  readonly outputs: readonly NetworkPort[];
  readonly device: 'cpu' | 'cuda' | 'tensorrt';
  readonly warnings: readonly string[];
}

export interface NamedTensor {
  readonly name: string;
  readonly tensor: NativeTensor;
}

/** What engine/binding.cpp exports. */
export interface NativeEngine {
  openEngine(request: { library: string; threads?: number; spinning?: boolean }): {
    handle: EngineHandle;
    version: string;
    threads: number;
    spinning: boolean;
  };
  loadNetwork(
    request: {
      engine: EngineHandle;
      modelPath: string;
      providers: readonly { name: string; options: Record<string, string> }[];
      strict: boolean;
    } & JobArguments,
  ): Promise<NativeNetwork>;
  runNetwork(
    request: {
      network: NetworkHandle;
      inputs: readonly NamedTensor[];
      outputs: readonly NamedTensor[];
    } & JobArguments,
  ): Promise<void>;
  disposeNetwork(network: NetworkHandle): void;
}
