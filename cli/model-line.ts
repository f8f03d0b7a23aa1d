/** What is told of a model, wherever it runs. */
export interface ModelLine {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly description: string;
  readonly version: string;
  readonly licence: string;
  readonly engine: string;
  readonly device: string;
}

/** The fields of a longer description that are told. */
export function lineOf(model: ModelLine): ModelLine {
  const { name, type, labels, description, version, licence, engine, device } = model;
  return { name, type, labels, description, version, licence, engine, device };
}
