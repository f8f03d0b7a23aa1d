// Writes docs/TRANSFORMS.md from the transforms' declarations: `npm run docs`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { TRANSFORMS, type Transform } from '#transforms';
import { writeNiftyResults } from '../packages/transforms/write-nifty-results.ts';

const PAGE = join(import.meta.dirname, '../docs/TRANSFORMS.md');

/** What of a JSON schema an argument's row tells. */
interface Argument {
  readonly type?: string | readonly string[];
  readonly items?: Argument;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Argument[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
}

/** The page as it has to be: a test compares the committed one with it. */
export function transformsPage(): string {
  return `# Transforms

Made from the declarations in \`packages/transforms\` by \`npm run docs\`.

A chain is \`pre_transforms\`, the network, \`post_transforms\` and \`writers\` of a model JSON. It is
checked as a whole when the model is loaded: an unknown name, argument or field is an error that
names the nearest known one.

${TRANSFORMS.map(section).join('\n')}
## ${writeNiftyResults.name}

${writeNiftyResults.summary}

${argumentTable(writeNiftyResults.schema)}
`;
}

function section({ name, summary, schema, spatial, inverse }: Transform): string {
  const moves = spatial ? 'It moves voxels' : 'It moves no voxel';
  const undone = inverse === 'none' ? 'nothing of it is undone in the mask' : 'it is undone';
  return `## ${name}

${summary} ${moves}; ${undone}.

${argumentTable(schema)}
`;
}

function argumentTable(schema: z.ZodObject): string {
  const json = z.toJSONSchema(schema, { io: 'input' });
  const required = new Set(json.required);
  const rows = Object.entries(json.properties ?? {}).map(([key, argument]) => {
    const { default: value } = argument as Argument;
    const otherwise = value === undefined ? '' : `\`${JSON.stringify(value)}\``;
    const absent = required.has(key) ? 'required' : otherwise;
    return `| \`${key}\` | ${typeText(argument as Argument)} | ${absent} |`;
  });
  return ['| argument | value | default |', '|---|---|---|', ...rows].join('\n');
}

function typeText(argument: Argument): string {
  if (argument.anyOf !== undefined) return argument.anyOf.map(typeText).join(' or ');
  if (argument.enum !== undefined) {
    return argument.enum.map((value) => `\`${JSON.stringify(value)}\``).join(' or ');
  }
  const { type = 'any', items, minimum, maximum, exclusiveMinimum } = argument;
  if (type === 'array' && items !== undefined) return `list of ${typeText(items)}`;
  const bounds = [
    exclusiveMinimum === undefined ? '' : `above ${exclusiveMinimum}`,
    minimum === undefined ? '' : `from ${minimum}`,
    maximum === undefined ? '' : `to ${maximum}`,
  ];
  return [[type].flat().join(' or '), ...bounds].filter((part) => part !== '').join(' ');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, transformsPage());
