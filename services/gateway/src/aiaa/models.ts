import type { FastifyInstance } from 'fastify';
import { type Model, ModelType } from '#proto/sextant/v1/model';
import type { Inference } from '../inference.ts';
import { filterModels, modelNamed } from '../model-filter.ts';
import { jsonBody } from './json-body.ts';

/** Old clients join a base URL that may already end in /v1 with a path that may begin with it. */
const PATHS = ['/v1/models', '/models', '/v1/v1/models'];

/**
 * `GET /v1/models`: an array of models, by `label` and `type` where given; with `model`, one object.
 * Other query keys are ignored.
 */
export function addModelRoutes(app: FastifyInstance, inference: Inference): void {
  for (const path of PATHS) {
    app.get(path, async (request, reply) => {
      const models = await inference.listModels({ requestId: request.id });
      const { label, type, model } = request.query as Record<string, unknown>;
      const answer = isText(model)
        ? modelObject(askedModel(models, model, request.url))
        : filterModels(models, { label: isText(label) ? label : undefined })
            .filter(({ type: own }) => !isText(type) || typeName(own) === type)
            .map(modelObject);
      return reply.type('application/json').send(jsonBody(JSON.stringify(answer, undefined, 2)));
    });
  }
}

/** Some clients send a `+` of the name as it is, where others mean a space by it. */
function askedModel(models: readonly Model[], decoded: string, url: string): Model {
  const literal = /[?&]model=([^&]*)/.exec(url)?.[1] ?? '';
  const found = models.find(({ name }) => name === decoded || name === percentDecoded(literal));
  return found ?? modelNamed(models, decoded, 'model');
}

function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** The keys that some client or other cannot do without; the misspelt one is C++ v1.0.0's. */
function modelObject(model: Model): Record<string, unknown> {
  const { name, className, labels, description, version, roiShape, sigmaVoxels, padding } = model;
  return {
    name,
    'internal name': className,
    labels,
    description,
    decription: description,
    version,
    type: typeName(model.type),
    ...cropping(roiShape, padding),
    sigma: sigmaVoxels,
  };
}

/**
 * How clients crop. Absent, they take 20 mm and 128 voxels; null or text would make the C++ client
 * refuse the whole list, and a padding without a roi makes the Python one fail.
 */
function cropping(roiShape: readonly number[], padding: Model['padding']) {
  if (roiShape.length === 0) return {};
  return {
    ...(padding?.$case === 'paddingMm' ? { padding: padding.value } : {}),
    roi: roiShape,
  };
}

function typeName(type: ModelType): string {
  return type === ModelType.MODEL_TYPE_SEGMENTATION ? 'segmentation' : 'annotation';
}

/** A key given twice comes as an array and is as good as none. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
