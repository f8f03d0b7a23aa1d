import { nearest, SextantError, shortened } from '#errors';
import { type Model, ModelType } from '#proto/sextant/v1/model';

/** Undefined keeps all. */
export interface ModelFilter {
  type?: ModelType | undefined;
  /** Letter case does not count, and either may contain the other: "Left Lung" finds "lung". */
  label?: string | undefined;
}

export function filterModels(models: readonly Model[], { type, label }: ModelFilter): Model[] {
  return models.filter(
    (model) =>
      (type === undefined || type === ModelType.MODEL_TYPE_UNSPECIFIED || model.type === type) &&
      (label === undefined || label === '' || model.labels.some((own) => overlaps(own, label))),
  );
}

/** The model of that name, or MODEL_UNKNOWN with the nearest name. `field` is what named it. */
export function modelNamed(models: readonly Model[], name: string, field: string): Model {
  const model = models.find((candidate) => candidate.name === name);
  if (model !== undefined) return model;
  const names = models.map((candidate) => candidate.name);
  const near = nearest(name, names);
  throw new SextantError('MODEL_UNKNOWN', {
    subject: field,
    got: `"${shortened(name)}"`,
    expected: names.length === 0 ? 'a model, but none is loaded' : `one of ${names.join(', ')}`,
    ...(near === undefined ? {} : { remedy: `did you mean ${near}?` }),
  });
}

function overlaps(own: string, asked: string): boolean {
  const [a, b] = [own.toLowerCase(), asked.toLowerCase()];
  return a.includes(b) || b.includes(a);
}
