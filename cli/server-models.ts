import { type Model, ModelServiceDefinition, ModelType } from '#proto/sextant/v1/model';
import { createClient } from '#rpc';
import { withServer } from './connect.ts';
import { lineOf, type ModelLine } from './model-line.ts';

/** The models that a server lists. */
export async function serverModels(
  address: string,
  signal: AbortSignal,
): Promise<readonly ModelLine[]> {
  return await withServer(address, signal, async (channel) => {
    const service = createClient(ModelServiceDefinition, channel);
    const everything = { type: ModelType.MODEL_TYPE_UNSPECIFIED, label: '' };
    const { models } = await service.listModels(everything, { signal });
    return models.map((model) => lineOf({ ...model, type: typeName(model) }));
  });
}

function typeName({ type }: Model): string {
  return type === ModelType.MODEL_TYPE_SEGMENTATION ? 'segmentation' : 'annotation';
}
