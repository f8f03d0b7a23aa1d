import type { ConfigProblem } from '../config-problem.ts';
import type { FieldTypes } from '../declaration.ts';
import type { FieldType } from '../field.ts';
import { isLabelName } from '../load/label-name.ts';
import type { WriterArguments } from '../write/write-nifty-results.ts';
import type { Step } from './chain.ts';
import { checkWriters } from './check-writer.ts';
import { type FlowingSteps, StepChecker } from './step-checker.ts';

/** The parts of the guide's configurations that work on images without a network. */
export interface PreparationSource {
  readonly pre_transforms: readonly unknown[];
  readonly output_nodes?: Readonly<Record<string, string>> | undefined;
  readonly post_transforms?: readonly unknown[] | undefined;
  readonly writers?: readonly unknown[] | undefined;
  /** Join interpolations that follow on each other. */
  readonly fuse?: boolean | undefined;
}

export interface PreparationInput {
  /** The fields that there are files for: "image", and most often "label". */
  readonly files: Readonly<Record<string, readonly string[]>>;
  /** There are points which stand for a label. */
  readonly hasPoints: boolean;
}

/** A chain for one item of a data list, checked from end to end. */
export interface Preparation {
  readonly steps: readonly Step[];
  /** Fields whose files no transform reads, because the chain was made for a server. */
  readonly preloaded: readonly string[];
  readonly capacity: ReadonlyMap<string, number>;
  readonly fuse: boolean;
  readonly writers: readonly WriterArguments[];
  /** Fields that only the network could give; what reads them was left out. */
  readonly absent: readonly string[];
  readonly types: FieldTypes;
}

/**
 * Checks the transforms of a configuration as they run without its network: for training, and to
 * look at what a chain does. All problems are reported together, before a file is read.
 */
export function compilePreparation(
  source: PreparationSource,
  { files, hasPoints }: PreparationInput,
): { preparation: Preparation | undefined; problems: readonly ConfigProblem[] } {
  const { pre_transforms: pre, post_transforms: post = [], output_nodes: nodes = {} } = source;
  const absent = Object.keys(nodes);
  const checker = new StepChecker({ serving: false, hasPoints, absent });
  const preloaded = Object.keys(files).filter((name) => !isLoaded(name, pre));
  const first = new Map(
    Object.entries(files).map(([name, paths]): [string, FieldType] => [
      name,
      preloaded.includes(name) ? volumeType(name) : fileType(paths),
    ]),
  );
  checkLoads(checker, preloaded, files);
  const before = checker.steps(pre, ['pre_transforms'], first);
  const outputs = absent.map((name): [string, FieldType] => [
    name,
    { kind: 'array', axes: 3, hasChannels: true, channels: undefined },
  ]);
  const after = before.certain
    ? checker.steps(post, ['post_transforms'], new Map([...before.types, ...outputs]))
    : before;
  const writers = writersOf(checker, source.writers ?? [], after);
  if (checker.problems.length > 0) return { preparation: undefined, problems: checker.problems };
  const preparation = {
    steps: after === before ? before.steps : [...before.steps, ...after.steps],
    preloaded,
    capacity: new Map([...after.capacity, ...before.capacity]),
    fuse: source.fuse ?? false,
    writers,
    absent: [...after.absent],
    types: after.types,
  };
  return { preparation, problems: [] };
}

/** Whether a transform of the list says that it reads this field's files. */
function isLoaded(name: string, transforms: readonly unknown[]): boolean {
  return transforms.some((json) => {
    const { name: transform, fields } = Object(json) as { name?: unknown; fields?: unknown };
    return /\bLoad/.test(String(transform)) && [fields].flat().includes(name);
  });
}

/** Files of one field are its channels; only a transform that reads them joins them. */
function checkLoads(
  checker: StepChecker,
  preloaded: readonly string[],
  files: PreparationInput['files'],
): void {
  for (const name of preloaded) {
    const count = files[name]?.length ?? 0;
    if (count === 1) continue;
    const expected = 'one file of a field that no transform reads';
    const remedy = `put transforms.LoadNifty with "${name}" first`;
    checker.report(['pre_transforms'], `${count} files of "${name}"`, expected, remedy);
  }
}

function volumeType(name: string): FieldType {
  const volume = { kind: 'array', axes: 3, hasChannels: false, channels: 1 } as const;
  return { ...volume, isLabel: isLabelName(name) };
}

function fileType(paths: readonly string[]): FieldType {
  return { kind: 'file', channels: paths.length };
}

/** The writers of fields that are there. */
function writersOf(
  checker: StepChecker,
  writers: readonly unknown[],
  flow: FlowingSteps,
): readonly WriterArguments[] {
  return checkWriters(checker, writers, flow)
    .filter((writer) => writer !== undefined)
    .filter(({ applied_key: key }) => !flow.absent.has(key));
}
