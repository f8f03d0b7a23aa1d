import { SextantError } from '#errors';
import type { Padding, Vec3 } from '#geometry';
import { type Engine, type Network, Tensor } from '#kernels';
import { type Chain, type ConfigProblem, compileChain } from '#transforms';
import { chainProblems, networkProblems, outputChannelsOf, roiOf } from './check-network.ts';
import type { Device } from './device.ts';
import type { FileProblem } from './file-problem.ts';
import type { Model, ModelDescription } from './model.ts';
import { modelFileProblem } from './model-file.ts';
import type { NetworkGrid } from './network-grid.ts';
import { providersOf } from './providers.ts';
import { type BrokenModel, besideFile, type ConfiguredModel } from './read-pool.ts';
import { Turns } from './turns.ts';

export interface LoadOptions {
  readonly engine: Engine;
  readonly device: Device;
  /** Refuse a model whose first provider is not there, instead of falling back with a warning. */
  readonly strictEngine: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Margin around the points when the model JSON names none: the old clients' default. */
const DEFAULT_PADDING: Padding = { mm: 20 };

/** Grid of the warm-up of a model that has a spacing. */
const WARM_UP_SHAPE: Vec3 = [64, 64, 64];

/** Loads a model's network, checks it against its chain and labels, and runs it once. */
export async function loadModel(
  configured: ConfiguredModel,
  options: LoadOptions,
): Promise<Model | BrokenModel> {
  const { entry, config, file } = configured;
  const modelPath = besideFile(file.path, config.model_path);
  const broken = (problems: readonly FileProblem[]) => ({ name: entry.name, problems });

  const absent = await modelFileProblem(modelPath, config.model_path);
  const loaded =
    absent === undefined ? await loadNetwork(configured, modelPath, options) : file.locate(absent);
  if (!('run' in loaded)) {
    // The chain is checked all the same, so that one start shows everything.
    return broken([loaded, ...compileChain(config).problems.map(file.locate)]);
  }
  const checked = checkAgainst(loaded, configured);
  if ('problems' in checked) {
    loaded.dispose();
    return broken(checked.problems);
  }
  const model = assemble(configured, loaded, checked.chain);
  try {
    await warmUp(model, options.signal);
    return model;
  } catch (error) {
    loaded.dispose();
    if (!(error instanceof SextantError) || options.signal?.aborted) throw error;
    return broken([failure(configured, modelPath, error)]);
  }
}

async function loadNetwork(
  configured: ConfiguredModel,
  modelPath: string,
  { engine, device, strictEngine, signal }: LoadOptions,
): Promise<Network | FileProblem> {
  const providers = providersOf(configured.config, modelPath, device);
  try {
    return await engine.load({
      modelPath,
      providers,
      strict: strictEngine,
      ...(signal && { signal }),
    });
  } catch (error) {
    if (!(error instanceof SextantError) || signal?.aborted) throw error;
    return failure(configured, modelPath, error);
  }
}

/** What the engine said, at the line that names the network. */
function failure({ file }: ConfiguredModel, modelPath: string, error: SextantError): FileProblem {
  const { reason, subject, got, expected, remedy } = error;
  const what = subject === undefined || subject === modelPath ? got : `${subject}: ${got}`;
  const told = what.includes(modelPath) ? what : `"${modelPath}": ${what}`;
  return {
    ...file.locate({ path: ['model_path'], at: 'value', got: told, expected, remedy }),
    reason,
  };
}

function checkAgainst(
  network: Network,
  { config, file, entry, pool, index }: ConfiguredModel,
): { chain: Chain } | { problems: readonly FileProblem[] } {
  const problems = networkProblems(network, config);
  const outputChannels = outputChannelsOf(network, config.output_nodes);
  const compiled = compileChain(config, { outputChannels });
  problems.push(...compiled.problems);
  const { chain } = compiled;
  if (chain === undefined) return { problems: problems.map(file.locate) };
  problems.push(...chainProblems(network, chain));
  const located = problems.map(file.locate);
  const labels = labelProblem(chain, entry.labels, index);
  if (labels !== undefined) located.push(pool.locate(labels));
  return located.length > 0 ? { problems: located } : { chain };
}

/**
 * One or two channels make one label: the answer's own, or the second of the pair. More make one
 * for each but the first, which is the background.
 */
function labelProblem(
  { answer, answerChannels }: Chain,
  labels: readonly string[],
  index: number,
): ConfigProblem | undefined {
  if (answerChannels === undefined) return undefined;
  const wanted = Math.max(1, answerChannels - 1);
  if (labels.length === wanted) return undefined;
  const channels = answerChannels === 1 ? '1 channel' : `${answerChannels} channels`;
  return {
    path: [index, 'labels'],
    at: 'value',
    got: `${labels.length} labels`,
    expected: `${wanted}, as the answer "${answer}" of ${channels} makes`,
    remedy: answerChannels > 1 ? 'the first channel is the background and has no label' : undefined,
  };
}

function assemble(
  { entry, config, type, file }: ConfiguredModel,
  network: Network,
  chain: Chain,
): Model {
  const channels = outputChannelsOf(network, config.output_nodes);
  const grid: NetworkGrid =
    config.spacing === undefined
      ? { kind: 'roi', shape: roiOf(network, config) }
      : { kind: 'spacing', spacingMm: config.spacing };
  const description: ModelDescription = {
    name: entry.name,
    className: entry.class,
    type,
    labels: entry.labels,
    description: config.description,
    version: config.version,
    licence: config.licence,
    engine: 'onnx',
    device: network.device,
    roi: grid.kind === 'roi' ? grid.shape : undefined,
    padding: paddingOf(config),
    sigma: chain.sigma,
    connectivity: config.connectivity,
    threshold: config.thresh,
  };
  return {
    name: entry.name,
    description,
    network,
    chain,
    grid,
    batch: batchOf(network, chain),
    outputChannels: Object.fromEntries(
      Object.entries(channels).map(([field, count]) => [field, count ?? 0]),
    ),
    resultDir: config.result_dir && besideFile(file.path, config.result_dir),
    warnings: network.warnings,
    turns: new Turns(),
  };
}

function paddingOf({ padding, paddingFraction }: ConfiguredModel['config']): Padding {
  if (paddingFraction !== undefined) return { fraction: paddingFraction };
  return padding === undefined ? DEFAULT_PADDING : { mm: padding };
}

/** The first dimension that the graph fixes; an open one is run with the click's one image. */
function batchOf(network: Network, { input }: Chain): number {
  const size = network.inputs.find(({ name }) => name === input.node)?.shape[0];
  return typeof size === 'number' && size > 0 ? size : 1;
}

/** One run on zeros: it allocates, picks kernels, and shows that the tensors fit. */
async function warmUp(model: Model, signal: AbortSignal | undefined): Promise<void> {
  const tensors = networkTensors(model, model.description.roi ?? WARM_UP_SHAPE);
  const started = performance.now();
  try {
    await model.network.run({ ...tensors, ...(signal && { signal }) });
    model.turns.learn(performance.now() - started);
  } finally {
    for (const tensor of [...Object.values(tensors.inputs), ...Object.values(tensors.outputs)]) {
      tensor.dispose();
    }
  }
}

/**
 * Zero-filled float32 tensors [batch, channel, x, y, z] for one run of a model's network on a grid
 * of `shape`, by the names of its graph. The caller disposes them.
 */
export function networkTensors(
  { batch, chain, outputChannels }: Pick<Model, 'batch' | 'chain' | 'outputChannels'>,
  shape: Vec3,
): { inputs: Record<string, Tensor>; outputs: Record<string, Tensor> } {
  const tensor = (channels: number) => Tensor.empty('float32', [batch, channels, ...shape]);
  const outputs = chain.outputs.map(
    ({ field, node }) => [node, tensor(outputChannels[field] ?? 1)] as const,
  );
  return {
    inputs: { [chain.input.node]: tensor(chain.channels) },
    outputs: Object.fromEntries(outputs),
  };
}
