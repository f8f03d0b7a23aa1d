import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { errnoWords, SextantError } from '#errors';
import { type ConfigProblem, check, shown, unknownName } from '#transforms';
import { engineClass, type ModelType } from './engine-classes.ts';
import type { FileProblem } from './file-problem.ts';
import { type JsonFile, parseJsonFile } from './json-file.ts';
import { type ModelConfig, modelSchema } from './model-schema.ts';
import { type PoolEntry, poolEntrySchema } from './pool-schema.ts';

/** A pool entry with its model JSON, both read and checked as far as they can be without a network. */
export interface ConfiguredModel {
  readonly entry: PoolEntry;
  readonly type: ModelType;
  readonly config: ModelConfig;
  readonly pool: JsonFile;
  readonly file: JsonFile;
  /** Where the entry stands in the pool. */
  readonly index: number;
}

/** A pool entry that cannot be served. */
export interface BrokenModel {
  /** As the pool names it; undefined when even that cannot be read. */
  readonly name: string | undefined;
  readonly problems: readonly FileProblem[];
}

export type ReadModel = ConfiguredModel | BrokenModel;

/**
 * Reads a pool file and the model JSON of each entry.
 *
 * @returns one result per entry, in the pool's order; or the problems of the pool file itself
 * @throws SextantError FILE_UNREADABLE when the pool file cannot be read
 */
export async function readPool(
  poolPath: string,
): Promise<{ models: readonly ReadModel[] } | { problems: readonly FileProblem[] }> {
  const text = await readFile(poolPath, 'utf8').catch((cause: unknown) => {
    throw new SextantError('FILE_UNREADABLE', {
      subject: 'the model pool',
      got: `${poolPath}, which cannot be read (${errnoWords(cause)})`,
      expected: 'an engine_pool.json',
      remedy: 'name the file with --config',
      cause,
    });
  });
  const parsed = parseJsonFile(poolPath, text);
  if ('problems' in parsed) return parsed;
  const { file: pool } = parsed;
  if (!Array.isArray(pool.value)) {
    const got = shown(pool.value);
    const expected = 'a list of models, [ { "name": … }, … ]';
    return { problems: [pool.locate({ path: [], at: 'value', got, expected })] };
  }
  const entries: readonly unknown[] = pool.value;
  const models = await Promise.all(entries.map((json, index) => readEntry(pool, json, index)));
  return { models };
}

async function readEntry(pool: JsonFile, json: unknown, index: number): Promise<ReadModel> {
  const checked = check(poolEntrySchema, json, [index]);
  if ('problems' in checked) {
    return { name: nameIn(json), problems: checked.problems.map(pool.locate) };
  }
  const entry = checked.value;
  const problems: FileProblem[] = entryProblems(pool, entry, index).map(pool.locate);
  const type = engineClass(entry, [index]);
  if ('problems' in type) problems.push(...type.problems.map(pool.locate));
  const model = await readModelFile(pool, entry, index);
  if ('problems' in model) problems.push(...model.problems);
  if (problems.length > 0 || 'problems' in type || 'problems' in model) {
    return { name: entry.name, problems };
  }
  return { entry, type: type.type, ...model, pool, index };
}

function nameIn(json: unknown): string | undefined {
  const { name } = (json ?? {}) as { name?: unknown };
  return typeof name === 'string' ? name : undefined;
}

function entryProblems(pool: JsonFile, entry: PoolEntry, index: number): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const names = (pool.value as unknown[]).map(nameIn);
  if (names.indexOf(entry.name) < index) {
    const got = `"${entry.name}" a second time`;
    problems.push({ path: [index, 'name'], at: 'value', got, expected: 'a name of its own' });
  }
  const repeated = entry.labels.findIndex((label, at) => entry.labels.indexOf(label) < at);
  if (repeated >= 0) {
    const got = `"${entry.labels[repeated]}" a second time`;
    const path = [index, 'labels', repeated];
    problems.push({ path, at: 'value', got, expected: 'each label once' });
  }
  return problems;
}

async function readModelFile(
  pool: JsonFile,
  entry: PoolEntry,
  index: number,
): Promise<{ file: JsonFile; config: ModelConfig } | { problems: readonly FileProblem[] }> {
  const path = besideFile(pool.path, entry.config_file);
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'ENOENT' ? 'which is not there' : `which cannot be read`;
    const got = `"${path}", ${why}`;
    const expected = "the model's JSON file, relative to this one";
    return pool.locate({ path: [index, 'config_file'], at: 'value', got, expected });
  });
  if (typeof text !== 'string') return { problems: [text] };
  const parsed = parseJsonFile(path, text);
  if ('problems' in parsed) return parsed;
  const { file } = parsed;
  const checked = check(modelSchema, file.value, []);
  const problems =
    'problems' in checked
      ? checked.problems.map((problem) => withNearestFormat(problem, file.value))
      : contradictions(checked.value);
  if ('problems' in checked || problems.length > 0) return { problems: problems.map(file.locate) };
  return { file, config: checked.value };
}

/** A path in a configuration file is relative to that file. */
export function besideFile(file: string, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file), path);
}

function withNearestFormat(problem: ConfigProblem, value: unknown): ConfigProblem {
  const { model_format: format } = value as { model_format?: unknown };
  if (problem.path[0] !== 'model_format' || typeof format !== 'string') return problem;
  return unknownName(['model_format'], format, ['onnx', 'trtmodel'], 'a known format');
}

function contradictions(config: ModelConfig): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (config.padding !== undefined && config.paddingFraction !== undefined) {
    const path = ['paddingFraction'];
    problems.push({ path, at: 'key', got: 'padding as well', expected: 'one of the two' });
  }
  if (config.roi !== undefined && config.spacing !== undefined) {
    problems.push({ path: ['spacing'], at: 'key', got: 'roi as well', expected: 'one of the two' });
  }
  return problems;
}
