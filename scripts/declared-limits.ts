// Every limit of the services and of what they are made of, read from its declaration: a constant whose comment has `@beyond`.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '..');
const ROOMS = ['packages', 'services', 'native/cuda-kernels/lib', 'native/cuda-kernels/ops'];
const NO_SOURCE =
  /\.test\.ts$|(^|\/)(testing|generated|node_modules)\/|\/(bench|cases|reference)\.ts$/;
/** A constant so named bounds something, wherever it stands. */
const BOUND = /(^|_)(LIMIT|LARGEST|LONGEST|MAX|MOST)(_|$)/;

/** A constant that is a limit, as its comment declares it. */
export interface Limit {
  /** `MESSAGE_BYTES`, or `STORE_LIMITS.sessionMs` for a property. */
  readonly name: string;
  /** Where it is declared, from the root. */
  readonly path: string;
  readonly value: number | string;
  /** The comment without its tags: what it bounds and why so. */
  readonly why: string;
  /** `@beyond`: what somebody gets who goes further. Undefined where it is `@internal`. */
  readonly beyond: string | undefined;
  /** `@flag`: the setting that moves it. */
  readonly flag: string | undefined;
}

/** A constant that has to be declared as a limit and is not. */
export interface Undeclared {
  readonly name: string;
  readonly path: string;
  readonly missing: string;
}

/**
 * The constants of the sources that a comment marks with `@beyond` (a limit that a caller can meet)
 * or `@internal` (a measure that the code works by). What a `limits.ts` exports, and what has a
 * bound's name elsewhere, needs one of the two.
 */
export function declaredLimits(): { limits: Limit[]; undeclared: Undeclared[] } {
  const limits: Limit[] = [];
  const undeclared: Undeclared[] = [];
  for (const path of sources()) {
    for (const constant of constantsOf(path)) {
      const { beyond, internal } = constant.tags;
      if (beyond === undefined && internal === undefined) {
        const obliged = isOfLimits(path) ? constant.isExported : BOUND.test(constant.name);
        if (obliged && constant.value !== undefined) {
          undeclared.push({ name: constant.name, path, missing: '@beyond or @internal' });
        }
      } else if (constant.value === undefined || constant.why === '') {
        const missing = constant.why === '' ? 'a reason' : 'a value of plain arithmetic';
        undeclared.push({ name: constant.name, path, missing });
      } else {
        const { name, value, why } = constant;
        limits.push({ name, path, value, why, beyond, flag: constant.tags.flag });
      }
    }
  }
  return { limits, undeclared };
}

const EXPORT = ts.SyntaxKind.ExportKeyword;

function isOfLimits(path: string): boolean {
  return path.endsWith('/limits.ts');
}

function sources(): string[] {
  return ROOMS.flatMap((room) =>
    readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
      .map((name) => relative(ROOT, join(ROOT, room, name)))
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts') && !NO_SOURCE.test(path)),
  ).sort();
}

interface Constant {
  readonly name: string;
  readonly isExported: boolean;
  readonly value: number | string | undefined;
  readonly why: string;
  readonly tags: Partial<Record<'beyond' | 'internal' | 'flag', string>>;
}

/** Top-level constants in capitals, and the properties of those that are objects. */
function constantsOf(path: string): Constant[] {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const values = new Map<string, ts.Expression>();
  const found: Constant[] = [];
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const isExported = statement.modifiers?.some(({ kind }) => kind === EXPORT) === true;
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (!ts.isIdentifier(name) || !/^[A-Z][A-Z0-9_]+$/.test(name.text)) continue;
      if (initializer === undefined) continue;
      values.set(name.text, initializer);
      const object = objectOf(initializer);
      if (object === undefined) {
        const value = evaluated(initializer, values);
        found.push({ name: name.text, isExported, value, ...commentOf(statement) });
      } else if (isExported && isOfLimits(path)) {
        found.push(...propertiesOf(name.text, object, values));
      }
    }
  }
  return found;
}

function propertiesOf(
  of: string,
  object: ts.ObjectLiteralExpression,
  values: ReadonlyMap<string, ts.Expression>,
): Constant[] {
  return object.properties.filter(ts.isPropertyAssignment).map((property) => ({
    name: `${of}.${property.name.getText()}`,
    isExported: true,
    value: evaluated(property.initializer, values),
    ...commentOf(property),
  }));
}

function objectOf(expression: ts.Expression): ts.ObjectLiteralExpression | undefined {
  const bare = ts.isAsExpression(expression) ? expression.expression : expression;
  return ts.isObjectLiteralExpression(bare) ? bare : undefined;
}

/** Numbers, arithmetic, other constants of the file, and regular expressions as their text. */
function evaluated(
  expression: ts.Expression,
  values: ReadonlyMap<string, ts.Expression>,
): number | string | undefined {
  if (ts.isNumericLiteral(expression)) return Number(expression.text);
  if (ts.isRegularExpressionLiteral(expression)) return expression.text;
  if (ts.isParenthesizedExpression(expression)) return evaluated(expression.expression, values);
  if (ts.isIdentifier(expression)) {
    const own = values.get(expression.text);
    return own === undefined ? undefined : evaluated(own, values);
  }
  if (!ts.isBinaryExpression(expression)) return undefined;
  const left = evaluated(expression.left, values);
  const right = evaluated(expression.right, values);
  const operation = ARITHMETIC.get(expression.operatorToken.kind);
  if (typeof left !== 'number' || typeof right !== 'number') return undefined;
  return operation?.(left, right);
}

const ARITHMETIC = new Map<ts.SyntaxKind, (left: number, right: number) => number>([
  [ts.SyntaxKind.AsteriskToken, (left, right) => left * right],
  [ts.SyntaxKind.AsteriskAsteriskToken, (left, right) => left ** right],
  [ts.SyntaxKind.PlusToken, (left, right) => left + right],
  [ts.SyntaxKind.MinusToken, (left, right) => left - right],
  [ts.SyntaxKind.SlashToken, (left, right) => left / right],
]);

function commentOf(node: ts.Node): Pick<Constant, 'why' | 'tags'> {
  const comment = ts.getJSDocCommentsAndTags(node).find(ts.isJSDoc);
  const tags = (comment?.tags ?? []).map((tag) => [tag.tagName.text, textOf(tag.comment)]);
  return { why: textOf(comment?.comment), tags: Object.fromEntries(tags) };
}

function textOf(comment: string | ts.NodeArray<ts.JSDocComment> | undefined): string {
  return (ts.getTextOfJSDocComment(comment) ?? '').replace(/\s+/g, ' ').trim();
}
