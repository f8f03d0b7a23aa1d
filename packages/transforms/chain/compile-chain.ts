import type { ConfigProblem } from '../config-problem.ts';
import type { FieldTypes } from '../declaration.ts';
import { type ArrayType, type FieldType, typeText } from '../field.ts';
import type { Binding, Chain } from './chain.ts';
import { checkWriters } from './check-writer.ts';
import { type FlowingSteps, StepChecker } from './step-checker.ts';

/** The keys of a model JSON that make its chain, as they stand in the file. */
export interface ChainSource {
  readonly input_nodes: Readonly<Record<string, string>>;
  readonly output_nodes: Readonly<Record<string, string>>;
  readonly pre_transforms: readonly unknown[];
  readonly post_transforms: readonly unknown[];
  readonly writers: readonly unknown[];
}

export interface ChainContext {
  /** Channels of each field of `output_nodes`, where the network's graph tells them. */
  readonly outputChannels?: Readonly<Record<string, number | undefined>>;
}

const GREY_VOLUME: ArrayType = { kind: 'array', axes: 3, hasChannels: false, channels: 1 };

/** What a chain starts from when serving: the volume's box, and the points in place of a label. */
const SERVED_FIELDS: FieldTypes = new Map<string, FieldType>([
  ['image', GREY_VOLUME],
  ['label', GREY_VOLUME],
]);

/**
 * Checks a whole chain before a byte is read: names, arguments, and the fields that flow from
 * transform to transform with their ranks and channels. All problems are reported together.
 *
 * @example
 * const { chain, problems } = compileChain(json, { outputChannels: { model: 2 } });
 * chain?.channels; // 2: the image and its extreme points
 */
export function compileChain(
  source: ChainSource,
  context: ChainContext = {},
): { chain: Chain | undefined; problems: readonly ConfigProblem[] } {
  const checker = new StepChecker({ serving: true, hasPoints: true });
  const before = checker.steps(source.pre_transforms, ['pre_transforms'], SERVED_FIELDS);
  const inputs = inputsOf(checker, source.input_nodes, before);
  const outputs = bindings(source.output_nodes);
  const outputTypes = outputs.map(({ field }): [string, FieldType] => [
    field,
    { kind: 'array', axes: 3, hasChannels: true, channels: context.outputChannels?.[field] },
  ]);
  if (outputs.length === 0) {
    checker.report(['output_nodes'], '{}', 'a field and the name of a network output');
  }
  const after = checker.steps(source.post_transforms, ['post_transforms'], new Map(outputTypes));
  const answer = answerOf(checker, source.writers, after);
  const [input] = inputs;
  if (checker.problems.length > 0 || input === undefined || answer === undefined) {
    return { chain: undefined, problems: checker.problems };
  }
  const chain: Chain = {
    pre: before.steps,
    post: after.steps,
    input,
    channels: channelsOf(before.types, input.field) ?? 1,
    outputs,
    answer,
    answerChannels: channelsOf(after.types, answer),
    sigma: before.steps.find(({ sigma }) => sigma !== undefined)?.sigma ?? 0,
  };
  return { chain, problems: [] };
}

function channelsOf(types: FieldTypes, name: string): number | undefined {
  const type = types.get(name);
  return type?.kind === 'array' ? type.channels : undefined;
}

/** The one field that goes into the network. A click is one volume, so there is one. */
function inputsOf(
  checker: StepChecker,
  nodes: ChainSource['input_nodes'],
  flow: FlowingSteps,
): readonly Binding[] {
  const inputs = bindings(nodes);
  if (inputs.length !== 1) {
    checker.report(['input_nodes'], `${inputs.length} fields`, 'one field and its network input');
  }
  for (const { field } of flow.certain ? inputs : []) {
    const type = flow.types.get(field);
    if (type === undefined) checker.unwritten(['input_nodes', field], field, flow.types);
    else if (type.kind !== 'array' || !type.hasChannels) {
      const remedy = 'put transforms.VolumeTo4dArray into pre_transforms';
      checker.report(['input_nodes', field], typeText(type), 'a 4D array', remedy);
    }
  }
  return inputs;
}

/** The field that the first writer names. */
function answerOf(
  checker: StepChecker,
  writers: readonly unknown[],
  flow: FlowingSteps,
): string | undefined {
  const answers = checkWriters(checker, writers, flow);
  if (writers.length === 0) {
    checker.report(['writers'], '[]', 'a writer whose applied_key names the answer');
  }
  return answers[0]?.applied_key;
}

function bindings(nodes: Readonly<Record<string, string>>): readonly Binding[] {
  return Object.entries(nodes).map(([field, node]) => ({ field, node }));
}
