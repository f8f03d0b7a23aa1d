import { SextantError } from '#errors';
import { pointsToIndex, type Vec3 } from '#geometry';
import { EXIT_CODES, type Settings } from '#host';
import { statistics } from '#kernels';
import {
  type Field,
  type Fields,
  type Preparation,
  prepareItem,
  settleFields,
  shapeOf,
} from '#transforms';
import { imageStem, type Warning } from '#volume';
import { readNiftiHeader } from '#volume/nifti';
import { columns } from './columns.ts';
import type { Call, Command } from './command.ts';
import { interruption } from './interruption.ts';
import { progressLine } from './progress-line.ts';
import { readPoints } from './read-points.ts';
import { readChain } from './transform/chain-file.ts';
import { writeField } from './transform/field-file.ts';

const SETTINGS_READ = [
  'chainConfig',
  'section',
  'labelFile',
  'points',
  'space',
  'seed',
  'outputDir',
  'json',
] as const;

type TransformSettings = Settings<(typeof SETTINGS_READ)[number]>;

export const transformCommand: Command<(typeof SETTINGS_READ)[number]> = {
  usage: 'sextant transform IMAGE --config FILE [--label FILE] [--points POINTS] [--seed N] -o DIR',
  summary: [
    "Runs a configuration of the guide's form on an image, without its network: pre_transforms, then what",
    'of post_transforms and writers needs no network. Each result is written as',
    'DIR/<image>/<image>_<field>.nii; without writers every field that is left. Points stand for a label',
    'that is not there. docs/transforms.md lists the transforms.',
  ].join('\n'),
  settings: SETTINGS_READ,
  operands: { count: 1, name: 'IMAGE' },
  examples: [
    'sextant transform head.nii.gz --config config_train.json --label label.nii.gz --seed 7 -o seen',
    'sextant transform head.nii.gz --config config_train.json --section validate \\',
    '    --label label.nii.gz -o seen',
    'sextant transform head.nii.gz --config models/annotation_any.json --points points.json -o seen',
  ],
  run: transform,
};

async function transform({
  settings,
  operands: [image = ''],
}: Call<(typeof SETTINGS_READ)[number]>): Promise<number> {
  const path = required(settings.chainConfig, '--config', 'the JSON file with the transforms');
  const dir = required(settings.outputDir, '-o', 'the folder to write to');
  const signal = interruption();
  const progress = progressLine();
  const label = settings.labelFile;
  const files = { image: [image], ...(label === undefined ? {} : { label: [label] }) };
  const hasPoints = settings.points !== undefined;
  const question = { path, section: settings.section, files, hasPoints };
  const preparation = await readChain(question);
  const points = await pointsOf(settings, image, signal);
  try {
    const count = preparation.steps.length;
    const warnings: Warning[] = [];
    using fields = await prepareItem(
      preparation,
      { files, points, sample: { seed: settings.seed, epoch: 0, item: 0 } },
      {
        signal,
        onWarning: (warning) => warnings.push(warning),
        onStep: ({ name }, n) => progress.show(`${name} (${n + 1} of ${count})`),
      },
    );
    await settleFields(fields, { signal });
    const lines = await written(fields, preparation, { dir, stem: imageStem(image), signal });
    progress.clear();
    tell({ lines, warnings }, preparation, settings.json);
    return EXIT_CODES.ok;
  } finally {
    progress.clear();
  }
}

function required(value: string | undefined, flag: string, what: string): string {
  if (value !== undefined) return value;
  throw new SextantError('CONFIG_INVALID', {
    subject: flag,
    got: 'nothing',
    expected: what,
    remedy: 'sextant transform --help shows examples',
  });
}

async function pointsOf(
  { points: given, space }: TransformSettings,
  path: string,
  signal: AbortSignal,
): Promise<readonly Vec3[] | undefined> {
  if (given === undefined) return undefined;
  const { points, space: known } = await readPoints(given, space);
  const { grid } = await readNiftiHeader({ path }, { signal });
  return pointsToIndex(points, known, grid);
}

/** What became of a field. */
interface FieldLine {
  readonly field: string;
  /** Channels, then voxels along x, y, z; absent for a list of numbers. */
  readonly shape?: readonly number[];
  readonly type?: string;
  readonly min?: number;
  readonly max?: number;
  readonly mean?: number;
  readonly file?: string;
  readonly numbers?: readonly number[];
}

/** Writes what the writers name, or without writers every array; lists of numbers are told. */
async function written(
  fields: Fields,
  { writers }: Preparation,
  where: { dir: string; stem: string; signal: AbortSignal },
): Promise<FieldLine[]> {
  const lines: FieldLine[] = [];
  const entries = [...fields.entries()];
  const wanted =
    writers.length > 0
      ? writers.map(({ applied_key: name, dtype }) => ({ name, dtype }))
      : entries.map(([name]) => ({ name, dtype: undefined }));
  for (const { name, dtype } of wanted) {
    const value = fields.get(name);
    if (value?.kind === 'numbers') lines.push({ field: name, numbers: value.numbers });
    if (value?.kind !== 'array') continue;
    const file = await writeField({ name, field: value, dtype }, where);
    lines.push({ field: name, ...(await factsOf(value, where.signal)), file });
  }
  return lines;
}

async function factsOf(field: Field, signal: AbortSignal): Promise<Omit<FieldLine, 'field'>> {
  using input = field.storage.slice(0, 0, field.channels);
  const { min, max, mean } = await statistics({ input, signal });
  const shape = field.hasChannels ? [field.channels, ...shapeOf(field)] : shapeOf(field);
  return { shape, type: field.storage.dtype, min, max, mean };
}

function tell(
  { lines, warnings }: { lines: readonly FieldLine[]; warnings: readonly Warning[] },
  { absent }: Preparation,
  json: boolean,
): void {
  if (json) {
    console.log(JSON.stringify({ fields: lines, absent, warnings }));
    return;
  }
  for (const { reason, message } of warnings) console.error(`warning: ${reason}: ${message}`);
  const short = (number: number | undefined) => String(Number(number?.toPrecision(5)));
  const rows = lines.map(({ field, shape, type, min, max, mean, file, numbers }) =>
    shape === undefined
      ? [field, '', '', '', '', '', numbers?.map(short).join(' ') ?? '']
      : [field, shape.join(' x '), type ?? '', short(min), short(max), short(mean), file ?? ''],
  );
  console.log(columns([['field', 'size', 'type', 'lowest', 'highest', 'mean', 'file'], ...rows]));
  if (absent.length > 0) {
    console.log(`left out, since only the network could give them: ${absent.join(', ')}`);
  }
}
