// Writes docs/transforms.md from the transforms' declarations: `npm run docs`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import {
  MOST_CHANNELS,
  MOST_VOXELS,
  TRANSFORMS,
  type Transform,
  writeNiftyResults,
} from '#transforms';
import { EXAMPLES, pictureName } from './transform-examples.ts';

const PAGE = join(import.meta.dirname, '../docs/transforms.md');

/** What of a JSON schema an argument's row tells. */
interface Argument {
  readonly description?: string;
  readonly prefixItems?: readonly Argument[];
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
names the nearest known one; so is a field that is deformed before Invert, fields of different known
sizes that a transform looks at together, and more than ${MOST_CHANNELS} channels or ${MOST_VOXELS} voxels of a field. What
only the files can tell is an error of the transform that meets it, which names itself and its fields.

A field whose name begins with \`label\` holds labels, and so does what a transform makes of 0 and 1 or of
label numbers: labels are read by the nearest voxel, everything else is grey and interpolated linearly.
A label of several channels has its foreground where any of them has.

${TRANSFORMS.map(section).join('\n')}
## ${writeNiftyResults.name}

${writeNiftyResults.summary}

${argumentTable(writeNiftyResults.schema)}
`;
}

const KINDS: Readonly<Record<Transform['kind'], string>> = {
  load: 'reads files',
  intensity: 'changes values, moves no voxel',
  spatial: 'moves voxels',
  fields: 'makes fields or channels, moves no voxel',
};

function section({ name, summary, schema, kind, isRandom, inverse }: Transform): string {
  const facts = [KINDS[kind], isRandom ? 'random' : '', inverseText(inverse)].filter(
    (fact) => fact !== '',
  );
  return `## ${name}

${summary}

*${facts.join('; ')}*
${exampleOf(name)}
${argumentTable(schema)}
`;
}

function inverseText(inverse: Transform['inverse']): string {
  if (typeof inverse === 'object') return `Invert finds the way back unless \`${inverse.unless}\``;
  return inverse === 'affine' ? 'Invert finds the way back' : '';
}

/** What was done to the sample, and a slice of it before and after. */
function exampleOf(name: string): string {
  const example = EXAMPLES[name];
  if (example === undefined) return '';
  const json = JSON.stringify({ name, ...example.args });
  return `\n![a slice before and after](transforms/${pictureName(name)})\n\n\`${json}\`\n`;
}

function argumentTable(schema: z.ZodObject): string {
  const json = z.toJSONSchema(schema, { io: 'input' });
  const required = new Set(json.required);
  const rows = Object.entries(json.properties ?? {}).map(([key, argument]) => {
    const { default: value } = argument as Argument;
    const otherwise = value === undefined ? '' : `\`${JSON.stringify(value)}\``;
    const absent = required.has(key) ? 'required' : otherwise;
    const what = (argument as Argument).description ?? '';
    return `| \`${key}\` | ${typeText(argument as Argument)} | ${absent} | ${what} |`;
  });
  return ['| argument | value | default | what |', '|---|---|---|---|', ...rows].join('\n');
}

function typeText(argument: Argument): string {
  if (argument.anyOf !== undefined) return argument.anyOf.map(typeText).join(' or ');
  if (argument.enum !== undefined) {
    return argument.enum.map((value) => `\`${JSON.stringify(value)}\``).join(' or ');
  }
  const { type = 'any', items, prefixItems, minimum, maximum, exclusiveMinimum } = argument;
  if (prefixItems !== undefined) {
    return `${prefixItems.length} of ${typeText(prefixItems[0] ?? {})}`;
  }
  if (type === 'array' && items !== undefined) return `list of ${typeText(items)}`;
  const bounds = [
    exclusiveMinimum === undefined ? '' : `above ${exclusiveMinimum}`,
    minimum === undefined ? '' : `from ${minimum}`,
    maximum === undefined ? '' : `to ${maximum}`,
  ];
  return [[type].flat().join(' or '), ...bounds].filter((part) => part !== '').join(' ');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, transformsPage());
