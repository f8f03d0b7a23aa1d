import { SextantError } from '#errors';
import { runJob } from '../lib/job.ts';
import { native } from '../lib/native.ts';
import { nativeTensor, type Tensor } from '../lib/tensor.ts';
import { checkTensors } from './check-tensors.ts';
import type { NamedTensor, NativeEngine, NativeNetwork, NetworkHandle } from './native-engine.ts';

/** One input or output of a network, as its model declares it. */
export interface NetworkPort {
  readonly name: string;
  /** Ours ('float32') where we have it, else ONNX's ('float16', 'string', …; 'sequence'). */
  readonly dtype: string;
  /** A size that the model leaves open is its name, or '' when it has none. */
  readonly shape: readonly (number | string)[];
}

export interface RunOptions {
  /** By name, all that the network has: dense in C order, of the declared dtype and shape. */
  readonly inputs: Readonly<Record<string, Tensor>>;
  /** By name, those that are wanted: made by the caller, filled by the run. */
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly signal?: AbortSignal;
}

/** A loaded network. Runs may overlap; they share the engine's threads. Made by Engine.load. */
export class Network {
  readonly inputs: readonly NetworkPort[];
  readonly outputs: readonly NetworkPort[];
  /** What runs it: the first of the providers asked for that exists. */
  readonly device: 'cpu' | 'cuda' | 'tensorrt';
  /** One sentence for each provider that was asked for and is not there. */
  readonly warnings: readonly string[];
  readonly #handle: NetworkHandle;
  #disposed = false;

  /** @internal */
  constructor(loaded: NativeNetwork) {
    this.inputs = loaded.inputs;
    this.outputs = loaded.outputs;
    this.device = loaded.device;
    this.warnings = loaded.warnings;
    this.#handle = loaded.handle;
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  /**
   * Runs the network from the input tensors into the output tensors, without copies on the CPU. It waits
   * for its share of the cores first. Tensors and network may be disposed meanwhile: the run holds them.
   * When the signal fires it ends at the network's next node; the outputs are then undefined.
   *
   * @throws SextantError ARGUMENT_INVALID with the tensor's name; NETWORK_DISPOSED; TENSOR_DISPOSED;
   * CANCELLED or DEADLINE_EXCEEDED; ENGINE_FAILED when the network stops with an error of its own
   */
  async run({ inputs, outputs, signal }: RunOptions): Promise<void> {
    if (this.#disposed) {
      throw new SextantError('NETWORK_DISPOSED', {
        subject: 'network',
        got: 'a disposed network',
        expected: 'a live one',
      });
    }
    checkTensors(this, { inputs, outputs });
    await runJob(signal, (job) =>
      native<NativeEngine>().runNetwork({
        network: this.#handle,
        inputs: named(inputs),
        outputs: named(outputs),
        ...job,
      }),
    );
  }

  /** Gives the network up; one that is running ends its run first. A second call does nothing. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    native<NativeEngine>().disposeNetwork(this.#handle);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

function named(tensors: Readonly<Record<string, Tensor>>): NamedTensor[] {
  return Object.entries(tensors).map(([name, tensor]) => ({ name, tensor: nativeTensor(tensor) }));
}
