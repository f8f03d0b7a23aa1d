import { abortError, nearest, SextantError, shortened } from '#errors';
import type { Engine } from '#kernels';
import { checkedDevice, type Device } from './device.ts';
import { type FileProblem, poolError, problemText } from './file-problem.ts';
import { loadModel } from './load-model.ts';
import type { Model } from './model.ts';
import { type BrokenModel, readPool } from './read-pool.ts';

/** Where loading reports to; a pino logger is one. */
export interface ModelLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface PoolOptions {
  readonly engine: Engine;
  /** Leave broken models out, with a warning, instead of refusing to start. */
  readonly skipBroken?: boolean;
  /** Default auto. */
  readonly device?: Device;
  /** Refuse a model whose first provider is not there, instead of falling back with a warning. */
  readonly strictEngine?: boolean;
  readonly signal?: AbortSignal;
  readonly log?: ModelLog;
}

/** Models that are loaded, warmed up and stay so until `dispose`. */
export interface ModelPool {
  /** In the order of the pool file. */
  list(): readonly Model[];
  /** @throws SextantError MODEL_UNKNOWN with the nearest known name */
  get(name: string): Model;
  dispose(): void;
}

/**
 * Reads `engine_pool.json` and its model JSONs, loads every network and runs it once. Whatever is
 * wrong with any of them is reported in one error, each with file, line and key.
 *
 * @param poolPath `config_file` is relative to it, `model_path` to the model JSON
 * @throws SextantError CONFIG_INVALID, MODEL_INVALID, ENGINE_UNAVAILABLE (also for a device that is not there), FILE_UNREADABLE, CANCELLED
 */
export async function loadModelPool(poolPath: string, options: PoolOptions): Promise<ModelPool> {
  const device = checkedDevice(options.device ?? 'auto', options.log);
  const read = await readPool(poolPath);
  if ('problems' in read) throw poolError(poolPath, read.problems);
  const models: Model[] = [];
  const problems: FileProblem[] = [];
  try {
    for (const configured of read.models) {
      if (options.signal?.aborted) throw abortError(options.signal);
      const started = performance.now();
      const model =
        'problems' in configured
          ? configured
          : await loadModel(configured, {
              engine: options.engine,
              device,
              strictEngine: options.strictEngine === true || device === 'cuda',
              signal: options.signal,
            });
      if ('problems' in model) problems.push(...refuseOrSkip(model, options));
      else models.push(announced(model, performance.now() - started, options.log));
    }
    if (problems.length > 0) throw poolError(poolPath, problems);
  } catch (error) {
    for (const model of models) model.network.dispose();
    throw error;
  }
  return poolOf(models);
}

function refuseOrSkip({ name, problems }: BrokenModel, options: PoolOptions) {
  if (!options.skipBroken) return problems;
  const texts = problems.map(problemText);
  options.log?.warn({ model: name, problems: texts }, 'broken model left out');
  return [];
}

function announced(model: Model, loadMs: number, log: ModelLog | undefined): Model {
  const { name, device, licence, labels } = model.description;
  const fields = { model: name, device, licence: licence || 'not stated', labels };
  log?.info({ ...fields, loadMs: Math.round(loadMs) }, 'model loaded');
  for (const warning of model.warnings) log?.warn({ model: name }, warning);
  return model;
}

function poolOf(models: readonly Model[]): ModelPool {
  const byName = new Map(models.map((model) => [model.name, model]));
  return {
    list: () => models,
    get(name) {
      const model = byName.get(name);
      if (model !== undefined) return model;
      const near = nearest(name, byName.keys());
      throw new SextantError('MODEL_UNKNOWN', {
        subject: 'model',
        got: `"${shortened(name)}"`,
        expected: `one of ${[...byName.keys()].join(', ') || 'none: the pool is empty'}`,
        ...(near !== undefined && { remedy: `did you mean "${near}"?` }),
      });
    },
    dispose() {
      for (const model of models) model.network.dispose();
    },
  };
}
