import { openEngine } from '#kernels';
import { loadModelPool, type ModelPool } from '#models';
import type { LocalModelSettings } from './local-model-settings.ts';

/** Loads the models of a pool file into this process. */
export async function openLocalModels(
  { config, threads, onnxruntime, skipBrokenModels, device, strictEngine }: LocalModelSettings,
  signal: AbortSignal,
): Promise<ModelPool> {
  const engine = openEngine({
    ...(onnxruntime === undefined ? {} : { library: onnxruntime }),
    ...(threads === 0 ? {} : { threads }),
  });
  const log = {
    info() {},
    warn: (fields: object, message: string) => {
      console.error(`warning: ${message} ${JSON.stringify(fields)}`);
    },
  };
  return await loadModelPool(config, {
    engine,
    skipBroken: skipBrokenModels,
    device,
    strictEngine,
    signal,
    log,
  });
}
