import { nearest } from '#errors';
import type { Binding, Chain, Step } from './chain.ts';
import {
  type Checked,
  type ConfigProblem,
  check,
  type JsonPath,
  unknownName,
} from './config-problem.ts';
import { type BoundTransform, type FieldTypes, isFault } from './declaration.ts';
import { type FieldType, typeText } from './field.ts';
import { TRANSFORMS } from './registry.ts';
import { writeNiftyResults } from './write-nifty-results.ts';

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

/** What a chain starts from when serving: the volume's box, and the points in place of a label. */
const SERVED_FIELDS: FieldTypes = new Map<string, FieldType>([
  ['image', { rank: 3, channels: 1 }],
  ['label', { rank: 3, channels: 1 }],
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
  const compiler = new ChainCompiler();
  const before = compiler.steps(source.pre_transforms, 'pre_transforms', SERVED_FIELDS);
  const inputs = compiler.inputs(source.input_nodes, before);
  const outputs = bindings(source.output_nodes);
  const outputTypes = outputs.map(({ field }): [string, FieldType] => [
    field,
    { rank: 4, channels: context.outputChannels?.[field] },
  ]);
  if (outputs.length === 0) {
    compiler.report(['output_nodes'], '{}', 'a field and the name of a network output');
  }
  const after = compiler.steps(source.post_transforms, 'post_transforms', new Map(outputTypes));
  const answer = compiler.answer(source.writers, after);
  const [input] = inputs;
  if (compiler.problems.length > 0 || input === undefined || answer === undefined) {
    return { chain: undefined, problems: compiler.problems };
  }
  const chain: Chain = {
    pre: before.steps,
    post: after.steps,
    input,
    channels: before.types.get(input.field)?.channels ?? 1,
    outputs,
    answer,
    answerChannels: after.types.get(answer)?.channels,
    sigma: before.steps.find(({ sigma }) => sigma !== undefined)?.sigma ?? 0,
  };
  return { chain, problems: [] };
}

interface FlowingSteps {
  readonly steps: readonly Step[];
  readonly types: FieldTypes;
  /** Whether every step was understood, so that `types` is what really flows out. */
  readonly certain: boolean;
}

class ChainCompiler {
  readonly problems: ConfigProblem[] = [];

  report(path: JsonPath, got: string, expected: string, remedy?: string): void {
    this.problems.push({ path, at: 'value', got, expected, remedy });
  }

  steps(source: readonly unknown[], list: string, first: FieldTypes): FlowingSteps {
    const steps: Step[] = [];
    let types = first;
    let certain = true;
    for (const [index, json] of source.entries()) {
      const bound = this.transform(json, [list, index]);
      const written = bound && certain ? this.written(bound, types, [list, index]) : undefined;
      if (bound === undefined || written === undefined) {
        // What later steps find is unknown now: only their names and arguments are still checked.
        certain = false;
        continue;
      }
      types = written;
      steps.push(bound);
    }
    return { steps, types, certain };
  }

  /** The types after a step, when the fields that it reads are there and fit. */
  private written(
    bound: BoundTransform,
    types: FieldTypes,
    path: JsonPath,
  ): FieldTypes | undefined {
    if (!this.fieldsFit(bound, types, path)) return undefined;
    const written = bound.writes(types);
    if (!isFault(written)) return written;
    this.problems.push({ ...written, path: [...path, ...written.path], at: 'value' });
    return undefined;
  }

  private transform(json: unknown, path: JsonPath): BoundTransform | undefined {
    const names = TRANSFORMS.map((transform) => transform.name);
    const { name, rest } = this.named(json, path, names);
    const transform = TRANSFORMS.find((candidate) => candidate.name === name);
    if (transform === undefined) return undefined;
    return this.checked(transform.bind(rest, path));
  }

  private checked<T>(result: Checked<T>): T | undefined {
    if ('value' in result) return result.value;
    this.problems.push(...result.problems);
    return undefined;
  }

  private named(
    json: unknown,
    path: JsonPath,
    known: readonly string[],
  ): { name: string | undefined; rest: Record<string, unknown> } {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      this.report(path, JSON.stringify(json), 'an object with a name and its arguments');
      return { name: undefined, rest: {} };
    }
    const { name, ...rest } = json as Record<string, unknown>;
    if (name === undefined) {
      const expected = 'the name of a transform';
      this.problems.push({ path: [...path, 'name'], at: 'missing', got: 'nothing', expected });
      return { name: undefined, rest };
    }
    if (typeof name !== 'string' || !known.includes(name)) {
      const problem = unknownName([...path, 'name'], String(name), known, 'a known transform');
      this.problems.push(problem);
      return { name: undefined, rest };
    }
    return { name, rest };
  }

  private fieldsFit(transform: BoundTransform, types: FieldTypes, path: JsonPath): boolean {
    const before = this.problems.length;
    for (const { field, argument, rank } of transform.reads()) {
      const type = types.get(field);
      if (type === undefined) {
        this.unwritten([...path, ...argument], field, types);
      } else if (rank !== undefined && type.rank !== rank) {
        const remedy = rank === 4 ? 'put transforms.VolumeTo4dArray before it' : undefined;
        this.report([...path, ...argument], typeText(type), `a ${rank}D array`, remedy);
      }
    }
    return this.problems.length === before;
  }

  private unwritten(path: JsonPath, field: string, types: FieldTypes): void {
    const near = nearest(field, types.keys());
    const expected = `a field that is there by now: ${[...types.keys()].join(', ')}`;
    this.report(path, `"${field}"`, expected, near && `did you mean "${near}"?`);
  }

  /** The one field that goes into the network. A click is one volume, so there is one. */
  inputs(nodes: ChainSource['input_nodes'], flow: FlowingSteps): readonly Binding[] {
    const inputs = bindings(nodes);
    if (inputs.length !== 1) {
      this.report(['input_nodes'], `${inputs.length} fields`, 'one field and its network input');
    }
    for (const { field } of flow.certain ? inputs : []) {
      const type = flow.types.get(field);
      if (type === undefined) this.unwritten(['input_nodes', field], field, flow.types);
      else if (type.rank !== 4) {
        const remedy = 'put transforms.VolumeTo4dArray into pre_transforms';
        this.report(['input_nodes', field], typeText(type), 'a 4D array', remedy);
      }
    }
    return inputs;
  }

  /** The field that the first writer names. */
  answer(writers: readonly unknown[], flow: FlowingSteps): string | undefined {
    const answers = writers.map((json, index) => this.writer(json, ['writers', index], flow));
    if (writers.length === 0) {
      this.report(['writers'], '[]', 'a writer whose applied_key names the answer');
    }
    return answers[0];
  }

  private writer(json: unknown, path: JsonPath, flow: FlowingSteps): string | undefined {
    const { name, rest } = this.named(json, path, [writeNiftyResults.name]);
    if (name === undefined) return undefined;
    const writer = this.checked(check(writeNiftyResults.schema, rest, path));
    if (writer === undefined) return undefined;
    const key = writer.applied_key;
    if (flow.certain && !flow.types.has(key)) {
      this.unwritten([...path, 'applied_key'], key, flow.types);
    }
    return key;
  }
}

function bindings(nodes: Readonly<Record<string, string>>): readonly Binding[] {
  return Object.entries(nodes).map(([field, node]) => ({ field, node }));
}
