import { check } from '../config-problem.ts';
import { knownNames } from '../transform-name.ts';
import { type WriterArguments, writeNiftyResults } from '../write/write-nifty-results.ts';
import type { FlowingSteps, StepChecker } from './step-checker.ts';

/** The arguments of each writer, when it is one, its field is there and no other writes it. */
export function checkWriters(
  checker: StepChecker,
  writers: readonly unknown[],
  flow: FlowingSteps,
): readonly (WriterArguments | undefined)[] {
  const checked = writers.map((json, index) => checkWriter(checker, json, index, flow));
  const keys = checked.map((writer) => writer?.applied_key);
  for (const [index, key] of keys.entries()) {
    const first = keys.indexOf(key);
    if (key === undefined || first === index) continue;
    const expected = `a field of its own: writers[${first}] writes the same file`;
    checker.report(['writers', index, 'applied_key'], `"${key}"`, expected);
  }
  return checked;
}

function checkWriter(
  checker: StepChecker,
  json: unknown,
  index: number,
  flow: FlowingSteps,
): WriterArguments | undefined {
  const path = ['writers', index];
  const { name, rest } = checker.named(json, path);
  if (name === undefined) return undefined;
  const names = knownNames(writeNiftyResults);
  if (!names.includes(name)) {
    checker.unknown([...path, 'name'], name, names);
    return undefined;
  }
  const writer = checker.checked(check(writeNiftyResults.schema, rest, path));
  if (writer !== undefined && flow.certain && !flow.types.has(writer.applied_key)) {
    checker.unwritten([...path, 'applied_key'], writer.applied_key, flow.types);
  }
  return writer;
}
