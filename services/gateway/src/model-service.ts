import type { ModelServiceImplementation } from '#proto/sextant/v1/model';
import type { CallInfo } from '#rpc';
import type { Inference } from './inference.ts';
import { filterModels, modelNamed } from './model-filter.ts';

export function modelService(inference: Inference): ModelServiceImplementation<CallInfo> {
  return {
    async listModels({ type, label }, call) {
      return { models: filterModels(await inference.listModels(call), { type, label }) };
    },
    async getModel({ name }, call) {
      return { model: modelNamed(await inference.listModels(call), name, 'name') };
    },
  };
}
