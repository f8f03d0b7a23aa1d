import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SextantError, unlessAborted } from '#errors';
import { runJob } from '../lib/job.ts';
import { native } from '../lib/native.ts';
import { toSextantError } from '../lib/native-error.ts';
import { packagedLibraryPath } from './library-path.ts';
import type { EngineHandle, NativeEngine } from './native-engine.ts';
import { Network } from './network.ts';

export interface EngineOptions {
  /** The path of an ONNX Runtime library. Default: the CPU library of onnxruntime-node. */
  readonly library?: string;
  /**
   * How many cores networks and operations use together: the threads of the pool that all networks
   * share, and the budget of the operations. Default: as many as the machine has cores, or as the
   * control group's CPU quota allows.
   */
  readonly threads?: number;
  /**
   * Whether idle threads of that pool wait by spinning. Default false: the shipped networks run as
   * fast without, and a thread that spins on after a run keeps a core from all that follows it.
   */
  readonly spinning?: boolean;
}

export interface Provider {
  readonly name: 'cpu' | 'cuda' | 'tensorrt';
  /** Passed to ONNX Runtime as they are, e.g. `{ trt_fp16_enable: '1' }`. */
  readonly options?: Readonly<Record<string, string>>;
}

export interface LoadOptions {
  readonly modelPath: string;
  /** In order of preference; the CPU stands behind them. Default: the CPU alone. */
  readonly providers?: readonly Provider[];
  /** A provider that is not there is an error instead of a warning. Default false. */
  readonly strict?: boolean;
  readonly signal?: AbortSignal;
}

const PROVIDER_NAMES = ['cpu', 'cuda', 'tensorrt'];

/** ONNX Runtime in this process. Made by openEngine. */
export class Engine {
  /** The library's version, e.g. '1.30.0'. */
  readonly version: string;
  readonly threads: number;
  readonly spinning: boolean;
  readonly #handle: EngineHandle;

  /** @internal */
  constructor(opened: ReturnType<NativeEngine['openEngine']>) {
    this.version = opened.version;
    this.threads = opened.threads;
    this.spinning = opened.spinning;
    this.#handle = opened.handle;
  }

  /**
   * Reads a model file and prepares it to run; may take seconds, on the engine's own threads. Weights
   * outside the file are read from the model's own folder alone: ONNX Runtime (from 1.30 on) refuses
   * a path that leaves it.
   *
   * A provider exists when appending it to the session succeeds, whatever the library's list says. One
   * that does not is a sentence in `network.warnings`, and the next in order, at last the CPU, stands in.
   *
   * @throws SextantError FILE_UNREADABLE; MODEL_INVALID for a file that is no model, or one that this
   * library cannot run; ENGINE_UNAVAILABLE with `strict`; ARGUMENT_INVALID; CANCELLED or
   * DEADLINE_EXCEEDED, at once: a library from 1.22 on then stops at its next step, an older one loads
   * to the end, for nobody
   */
  async load(options: LoadOptions): Promise<Network> {
    const { modelPath, providers = [], strict = false, signal } = options;
    checkProviders(providers);
    await checkReadable(modelPath);
    const request = {
      engine: this.#handle,
      modelPath,
      providers: providers.map(({ name, options = {} }) => ({ name, options: { ...options } })),
      strict,
    };
    const loading = runJob(signal, (job) =>
      native<NativeEngine>().loadNetwork({ ...request, ...job }),
    ).then((loaded) => new Network(loaded));
    try {
      return await unlessAborted(loading, signal);
    } catch (error) {
      loading.then(
        (network) => network.dispose(),
        () => {},
      );
      throw error;
    }
  }
}

/**
 * Opens ONNX Runtime. There is one in a process: a later call joins the first, and must agree with it
 * in what it names. The library stays loaded until the process ends.
 *
 * @example
 * const engine = openEngine({ threads: 2 });
 * const network = await engine.load({ modelPath: 'model.onnx' });
 * await network.run({ inputs: { image }, outputs: { probabilities } });
 * @throws SextantError ENGINE_UNAVAILABLE when the library is missing, none, or too old; CONFIG_INVALID
 * when the process has an engine with other settings; ARGUMENT_INVALID; ADDON_MISSING
 */
export function openEngine(options: EngineOptions = {}): Engine {
  const { threads, spinning } = options;
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= 1024)) {
    throw new SextantError('ARGUMENT_INVALID', {
      subject: 'threads',
      got: String(threads),
      expected: 'a whole number from 1 to 1024',
    });
  }
  const library = options.library === undefined ? packagedLibraryPath() : resolve(options.library);
  try {
    return new Engine(
      native<NativeEngine>().openEngine({
        library,
        ...(threads === undefined ? {} : { threads }),
        ...(spinning === undefined ? {} : { spinning }),
      }),
    );
  } catch (failure) {
    throw toSextantError(failure);
  }
}

function checkProviders(providers: readonly Provider[]): void {
  for (const { name, options = {} } of providers) {
    if (!PROVIDER_NAMES.includes(name)) {
      throw new SextantError('ARGUMENT_INVALID', {
        subject: 'providers',
        got: String(name),
        expected: PROVIDER_NAMES.join(', '),
      });
    }
    for (const [key, value] of Object.entries(options)) {
      if (typeof value === 'string') continue;
      throw new SextantError('ARGUMENT_INVALID', {
        subject: `providers.${name}.${key}`,
        got: String(value),
        expected: 'a text',
      });
    }
  }
}

async function checkReadable(modelPath: string): Promise<void> {
  try {
    await access(modelPath, constants.R_OK);
  } catch (cause) {
    throw new SextantError('FILE_UNREADABLE', {
      subject: modelPath,
      got: (cause as NodeJS.ErrnoException).code ?? String(cause),
      expected: 'a readable model file',
      cause,
    });
  }
}
