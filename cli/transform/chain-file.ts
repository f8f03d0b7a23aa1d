import { readFile } from 'node:fs/promises';
import { errnoWords, SextantError } from '#errors';
import { configurationError, parseJsonFile } from '#models';
import {
  type ConfigProblem,
  compilePreparation,
  type Preparation,
  type PreparationSource,
} from '#transforms';

export interface ChainQuestion {
  readonly path: string;
  /** Which part of a training configuration. */
  readonly section: 'train' | 'validate' | undefined;
  readonly files: Readonly<Record<string, readonly string[]>>;
  readonly hasPoints: boolean;
}

/**
 * Reads a configuration of the guide's form (a training, inference or evaluation configuration, or a model
 * JSON) and checks its transforms as a whole.
 *
 * @throws SextantError FILE_UNREADABLE, CONFIG_INVALID with every problem and its line
 */
export async function readChain({
  path,
  section,
  files,
  hasPoints,
}: ChainQuestion): Promise<Preparation> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    const facts = { subject: path, got: errnoWords(cause), expected: 'a readable JSON file' };
    throw new SextantError('FILE_UNREADABLE', { ...facts, cause });
  });
  const parsed = parseJsonFile(path, text);
  if ('problems' in parsed) throw configurationError(path, parsed.problems);
  const { source, at } = sourceOf(path, parsed.file.value, section);
  const { preparation, problems } = compilePreparation(source, { files, hasPoints });
  if (preparation !== undefined) return preparation;
  const located = problems.map((problem) =>
    parsed.file.locate({
      ...problem,
      path: [...at, ...problem.path],
      ...labelRemedy(problem, files),
    }),
  );
  throw configurationError(path, located);
}

/** What a label is given with, where a transform wants one that is not there. */
function labelRemedy(
  { got, remedy }: ConfigProblem,
  files: ChainQuestion['files'],
): Pick<ConfigProblem, 'remedy'> {
  const isMissing = got === '"label"' && files.label === undefined;
  return {
    remedy: isMissing ? 'give it with --label, or points in its place with --points' : remedy,
  };
}

/** The object that has the transforms, and where it stands in the file. */
function sourceOf(
  path: string,
  value: unknown,
  section: ChainQuestion['section'],
): { source: PreparationSource; at: readonly string[] } {
  const whole = Object(value) as Record<string, unknown>;
  if (section === undefined && isSource(whole)) return { source: whole, at: [] };
  const name = section ?? 'train';
  const part = Object(whole[name]) as Record<string, unknown>;
  if (isSource(part)) return { source: part, at: [name] };
  throw new SextantError('CONFIG_INVALID', {
    subject: path,
    got: section === undefined ? 'no list pre_transforms' : `no ${section}.pre_transforms`,
    expected: 'pre_transforms, at the top or below train or validate',
    remedy: 'give a training, inference or evaluation configuration, or the JSON of a model',
  });
}

function isSource(value: object): value is PreparationSource {
  const {
    pre_transforms: pre,
    post_transforms: post,
    writers,
    output_nodes: nodes,
    fuse,
  } = value as Record<string, unknown>;
  const isList = (list: unknown) => list === undefined || Array.isArray(list);
  const isFlag = fuse === undefined || typeof fuse === 'boolean';
  const areNodes = nodes === undefined || (typeof nodes === 'object' && nodes !== null);
  return Array.isArray(pre) && isList(post) && isList(writers) && areNodes && isFlag;
}
