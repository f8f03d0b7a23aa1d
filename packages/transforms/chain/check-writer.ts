import { check } from '../config-problem.ts';
import { knownNames } from '../transform-name.ts';
import { type WriterArguments, writeNiftyResults } from '../write/write-nifty-results.ts';
import type { FlowingSteps, StepChecker } from './step-checker.ts';

/** A writer's arguments, when it is one and its field is there. */
export function checkWriter(
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
