import { dirname } from 'node:path';
import { devices } from '#kernels';
import type { Device } from './device.ts';
import type { ModelConfig } from './model-schema.ts';

export interface Provider {
  readonly name: 'cpu' | 'cuda' | 'tensorrt';
  readonly options?: Record<string, string>;
}

/**
 * Where a model may run, the first that works: what its JSON says, else for `trtmodel` TensorRT
 * and then the CPU, else CUDA where a GPU is, and the CPU. With `cpu` there alone.
 */
export function providersOf(
  config: ModelConfig,
  modelPath: string,
  device: Device,
): readonly Provider[] {
  const cpu: Provider = { name: 'cpu' };
  if (device === 'cpu') return [cpu];
  if (config.providers !== undefined) {
    const named = config.providers.map((entry) => {
      const { name, options } = typeof entry === 'string' ? { name: entry } : entry;
      return withDefaults({ name, options: textOptions(options) }, modelPath);
    });
    return named.some(({ name }) => name === 'cpu') ? named : [...named, cpu];
  }
  if (config.model_format === 'trtmodel') {
    return [withDefaults({ name: 'tensorrt', options: {} }, modelPath), cpu];
  }
  return devices().cuda.available ? [{ name: 'cuda' }, cpu] : [cpu];
}

/** TensorRT builds an engine for minutes: it and its timings are kept beside the model. */
function withDefaults(provider: Required<Provider>, modelPath: string): Provider {
  if (provider.name !== 'tensorrt') return provider;
  const folder = dirname(modelPath);
  const options = {
    trt_engine_cache_enable: '1',
    trt_engine_cache_path: folder,
    trt_timing_cache_enable: '1',
    trt_timing_cache_path: folder,
    ...provider.options,
  };
  return { name: 'tensorrt', options };
}

function textOptions(
  options: Record<string, string | number | boolean> | undefined = {},
): Record<string, string> {
  // ONNX Runtime's own spelling of a switch is 1 or 0.
  const text = (value: string | number | boolean) =>
    typeof value === 'boolean' ? String(Number(value)) : String(value);
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [key, text(value)]));
}
