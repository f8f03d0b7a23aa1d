import { type Reason, SextantError } from '#errors';
import type { ConfigProblem, JsonPath } from '#transforms';

/** A problem with the place where a person can mend it. */
export interface FileProblem extends ConfigProblem {
  readonly reason: Reason;
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
}

/**
 * One error for all problems of a pool: with a single one, its own sentence; with more, a list of
 * one line each. The reason is the first problem's.
 */
export function poolError(poolPath: string, problems: readonly FileProblem[]): SextantError {
  const [first] = problems;
  if (first === undefined) throw new Error('poolError was called without a problem');
  if (problems.length === 1) {
    const { got, expected, remedy } = first;
    const details = { subject: placeOf(first), got, expected };
    return new SextantError(first.reason, remedy === undefined ? details : { ...details, remedy });
  }
  return new SextantError(first.reason, {
    subject: poolPath,
    got: `${problems.length} problems:\n${problems.map((problem) => `  ${problemText(problem)}`).join('\n')}`,
    expected: 'a pool in which every model can be served',
  });
}

/** `models/a.json:12: pre_transforms[0].sigma: expected …, got …; remedy`. */
export function problemText(problem: FileProblem): string {
  const { got, expected, remedy } = problem;
  const what = `${placeOf(problem)}: expected ${expected}, got ${got}`;
  return remedy === undefined ? what : `${what}; ${remedy}`;
}

function placeOf({ file, line, path }: FileProblem): string {
  const key = keyText(path);
  return key === '' ? `${file}:${line}` : `${file}:${line}: ${key}`;
}

function keyText(path: JsonPath): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
}
