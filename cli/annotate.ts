import { SextantError } from '#errors';
import { EXIT_CODES, type Settings } from '#host';
import type { Answer, Question } from './answer.ts';
import type { Call, Command } from './command.ts';
import { interruption } from './interruption.ts';
import { LOCAL_MODEL_SETTINGS } from './local-model-settings.ts';
import { checkOutput, type OutputFile, writeOutputs } from './output-files.ts';
import { progressLine } from './progress-line.ts';
import { POINTS_FORM, readPoints } from './read-points.ts';
import { millilitres, voxelMm3 } from './voxel-size.ts';

const SETTINGS_READ = [
  'model',
  'points',
  'space',
  'frame',
  'output',
  'preview',
  'server',
  'json',
  'volumeLimit',
  ...LOCAL_MODEL_SETTINGS,
] as const;

type AnnotateSettings = Settings<(typeof SETTINGS_READ)[number]>;

export const annotateCommand: Command<(typeof SETTINGS_READ)[number]> = {
  usage: 'sextant annotate IMAGE --model NAME --points POINTS [--space SPACE] [-o MASK]',
  summary: [
    "Turns six or more points on the outermost places of a structure into the structure's mask, on",
    "the image's own voxels. IMAGE is NIfTI: .nii, .nii.gz, or a pair (.hdr and .img). Without -o",
    'the mask of head.nii.gz is written to head-mask.nii.gz in the current folder. A mask or preview',
    'that is there already is replaced.',
  ].join('\n'),
  settings: SETTINGS_READ,
  operands: { count: 1, name: 'IMAGE' },
  examples: [
    'sextant annotate head.nii.gz -m annotation_hippocampus --points points.json -o mask.nii.gz',
    'sextant annotate head.nii.gz -m annotation_any --space ras \\',
    '    --points "-31,-20,-14 -18,-25,-10 -24,-8,-22 -27,-38,-3 -25,-22,-2 -26,-12,-25"',
    'sextant annotate head.nii.gz -m annotation_any --points points.json --space index \\',
    '    --server 127.0.0.1:50051 --preview mask.png --json',
  ],
  run: annotateImage,
};

async function annotateImage({
  settings,
  operands: [imagePath = ''],
}: Call<(typeof SETTINGS_READ)[number]>): Promise<number> {
  const output = settings.output ?? defaultOutput(imagePath);
  await checkOutput(output, { flag: '--output', endings: ['.nii.gz', '.nii'], input: imagePath });
  if (settings.preview !== undefined) {
    const place = { flag: '--preview', endings: ['.png'], input: imagePath };
    await checkOutput(settings.preview, place);
  }
  const progress = progressLine();
  try {
    const question = {
      imagePath,
      model: requiredModel(settings),
      ...(await readPoints(requiredPoints(settings), settings.space)),
      frame: settings.frame,
      volumeLimitBytes: settings.volumeLimit,
      signal: interruption(),
      onStep: progress.show,
    };
    const answer = await ask(question, settings);
    await writeOutputs(await filesOf(question, answer, output, settings.preview));
    progress.clear();
    tell(answer, output, settings);
    return EXIT_CODES.ok;
  } finally {
    progress.clear();
  }
}

/** Each way is imported only when it is gone: the addon is not needed to ask a server. */
async function ask(question: Question, settings: AnnotateSettings): Promise<Answer> {
  if (settings.server === undefined) {
    const { annotateHere } = await import('./annotate-here.ts');
    return await annotateHere(question, settings);
  }
  const { annotateThere } = await import('./annotate-there.ts');
  return await annotateThere(question, settings.server);
}

async function filesOf(
  question: Question,
  { mask }: Answer,
  output: string,
  preview: string | undefined,
): Promise<OutputFile[]> {
  const compressed = output.toLowerCase().endsWith('.gz');
  const files = [{ path: output, bytes: compressed ? mask : await inflated(mask) }];
  if (preview === undefined) return files;
  question.onStep('drawing the preview');
  const { previewOf } = await import('./preview-of.ts');
  return [...files, { path: preview, bytes: await previewOf(question, mask) }];
}

async function inflated(mask: Uint8Array): Promise<Uint8Array> {
  const { gunzip } = await import('node:zlib');
  const { promisify } = await import('node:util');
  return await promisify(gunzip)(mask);
}

function tell(answer: Answer, output: string, settings: AnnotateSettings): void {
  const { maskVoxels, labels, box, stageTimes, warnings, grid } = answer;
  const volumeMl = (maskVoxels * voxelMm3(grid.affine)) / 1000;
  const { preview } = settings;
  if (settings.json) {
    const { shape, affine } = grid;
    const { model } = settings;
    const placed = { output, preview, model, labels, grid: { shape, affineRasMm: affine } };
    console.log(JSON.stringify({ ...placed, maskVoxels, volumeMl, box, stageTimes, warnings }));
    return;
  }
  for (const { reason, message } of warnings) console.error(`warning: ${reason}: ${message}`);
  const totalMs = stageTimes.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const size = `${maskVoxels} voxels (${millilitres(volumeMl)})`;
  console.log(`${output}: ${labels.join(', ')}, ${size}, ${Math.round(totalMs)} ms`);
  if (preview !== undefined) console.log(`${preview}: preview`);
}

/** `scans/head.nii.gz` -> `head-mask.nii.gz`, in the current folder. */
function defaultOutput(imagePath: string): string {
  const name = imagePath.split('/').at(-1) ?? '';
  return `${name.replace(/\.gz$/i, '').replace(/\.(nii|hdr|img)$/i, '')}-mask.nii.gz`;
}

function requiredModel({ model, server }: AnnotateSettings): string {
  if (model !== undefined) return model;
  const list = server === undefined ? 'sextant models' : `sextant models --server ${server}`;
  throw missing('--model', 'the name of a model', `\`${list}\` lists them`);
}

function requiredPoints({ points }: AnnotateSettings): string {
  if (points !== undefined) return points;
  throw missing('--points', POINTS_FORM, 'click the six outermost places of the structure');
}

function missing(subject: string, expected: string, remedy: string): SextantError {
  return new SextantError('CONFIG_INVALID', { subject, got: 'nothing', expected, remedy });
}
