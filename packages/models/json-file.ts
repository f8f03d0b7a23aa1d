import {
  findNodeAtLocation,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import type { ConfigProblem, JsonPath } from '#transforms';
import type { FileProblem } from './file-problem.ts';

/** A JSON file's value, with the line of everything in it. */
export interface JsonFile {
  readonly path: string;
  readonly value: unknown;
  locate(problem: ConfigProblem): FileProblem;
}

/** `text` as strict JSON (no comments, no trailing commas, no key twice), or what is wrong with it. */
export function parseJsonFile(
  path: string,
  text: string,
): { file: JsonFile } | { problems: readonly FileProblem[] } {
  // A byte order mark is allowed by RFC 8259 to be ignored, and Windows editors write one.
  const source = text.replace(/^\uFEFF/, '');
  const errors: ParseError[] = [];
  const options = { disallowComments: true, allowTrailingComma: false };
  const tree = parseTree(source, errors, options);
  const lineAt = lineFinder(source);
  if (tree === undefined || errors[0] !== undefined) {
    const error = errors[0] ?? { error: 4, offset: 0, length: 0 };
    return { problems: [syntaxProblem(path, lineAt(error.offset), error)] };
  }
  const twice = repeatedKeys(tree, []).map(({ keyPath, offset }) => ({
    reason: 'CONFIG_INVALID' as const,
    file: path,
    line: lineAt(offset),
    path: keyPath,
    at: 'key' as const,
    got: 'the key a second time',
    expected: 'each key once',
  }));
  if (twice.length > 0) return { problems: twice };
  const locate = (problem: ConfigProblem): FileProblem => ({
    ...problem,
    reason: 'CONFIG_INVALID',
    file: path,
    line: lineAt(offsetOf(tree, problem)),
  });
  return { file: { path, value: JSON.parse(source) as unknown, locate } };
}

function syntaxProblem(path: string, line: number, { error }: ParseError): FileProblem {
  // "CommaExpected" -> "comma expected"
  const what = printParseErrorCode(error)
    .replace(/([A-Z])/g, ' $1')
    .trim()
    .toLowerCase();
  const got = `a syntax error: ${what}`;
  return {
    reason: 'CONFIG_INVALID',
    file: path,
    line,
    path: [],
    at: 'value',
    got,
    expected: 'JSON',
  };
}

/** Where a problem's key or value begins; of something missing, the object that lacks it. */
function offsetOf(tree: Node, { path, at }: ConfigProblem): number {
  for (let length = path.length; length >= 0; length--) {
    const node = findNodeAtLocation(tree, [...path.slice(0, length)]);
    if (node === undefined) continue;
    // A property's node is its value; its key's begins the parent.
    const whole = length === path.length && at === 'key' ? (node.parent ?? node) : node;
    return whole.offset;
  }
  return tree.offset;
}

function repeatedKeys(node: Node, path: JsonPath): { keyPath: JsonPath; offset: number }[] {
  const children = node.children ?? [];
  if (node.type === 'array') {
    return children.flatMap((child, index) => repeatedKeys(child, [...path, index]));
  }
  if (node.type !== 'object') return [];
  const seen = new Set<string>();
  return children.flatMap((property) => {
    const [key, value] = property.children ?? [];
    if (key === undefined || value === undefined) return [];
    const keyPath = [...path, String(key.value)];
    const repeated = seen.has(String(key.value)) ? [{ keyPath, offset: key.offset }] : [];
    seen.add(String(key.value));
    return [...repeated, ...repeatedKeys(value, keyPath)];
  });
}

function lineFinder(text: string): (offset: number) => number {
  const starts = [0, ...[...text.matchAll(/\r\n|\n|\r/g)].map((end) => end.index + end[0].length)];
  return (offset) => starts.filter((start) => start <= offset).length;
}
