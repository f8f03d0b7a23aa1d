import type { Model } from '#models';
import { type Model as ModelMessage, ModelType } from '#proto/sextant/v1/model';

export function modelMessage({ description }: Model): ModelMessage {
  const { name, className, type, labels, version, licence, engine, device } = description;
  const { padding } = description;
  return {
    name,
    className,
    type: TYPES[type],
    labels: [...labels],
    description: description.description,
    version,
    licence,
    engine,
    device,
    roiShape: [...(description.roi ?? [])],
    padding:
      'mm' in padding
        ? { $case: 'paddingMm', value: padding.mm }
        : { $case: 'paddingFraction', value: padding.fraction },
    sigmaVoxels: description.sigma,
  };
}

const TYPES: Record<Model['description']['type'], ModelType> = {
  annotation: ModelType.MODEL_TYPE_ANNOTATION,
  segmentation: ModelType.MODEL_TYPE_SEGMENTATION,
};
