import { resolve } from 'node:path';
import { SextantError } from '#errors';
import { EXIT_CODES, type Settings } from '#host';
import { imageStem } from '#volume';
import type { Answer, ImageQuestion, Question } from './answer.ts';
import type { Call, Command } from './command.ts';
import { interruption } from './interruption.ts';
import { LOCAL_MODEL_SETTINGS } from './local-model-settings.ts';
import { niftiImage } from './nifti-image.ts';
import { checkOutput, type OutputFile, writeOutputs } from './output-files.ts';
import { progressLine } from './progress-line.ts';
import { POINTS_FORM, readPoints } from './read-points.ts';
import { millilitres, voxelMm3 } from './voxel-size.ts';

const SETTINGS_READ = [
  'model',
  'points',
  'space',
  'frame',
  'volume',
  'tilt',
  'uneven',
  'output',
  'preview',
  'server',
  'session',
  'json',
  'volumeLimit',
  ...LOCAL_MODEL_SETTINGS,
] as const;

type AnnotateSettings = Settings<(typeof SETTINGS_READ)[number]>;

export const annotateCommand: Command<(typeof SETTINGS_READ)[number]> = {
  usage:
    'sextant annotate IMAGE|--session ID --model NAME --points POINTS [--space SPACE] [-o MASK]',
  summary: [
    "Turns six or more points on the outermost places of a structure into the structure's mask, on",
    "the image's own voxels. IMAGE is NIfTI (.nii, .nii.gz, .hdr and .img), MetaImage, NRRD, or DICOM:",
    'a folder, or a zip or tar of one. Without -o the mask of head.nii.gz is written to',
    'head-mask.nii.gz in the current folder. A mask or preview that is there already is replaced.',
    'With --server the image is sent, unless the server holds it already; with --session the click',
    'is on an image that `sextant upload` has sent.',
  ].join('\n'),
  settings: SETTINGS_READ,
  operands: { least: 0, count: 1, name: 'IMAGE' },
  examples: [
    'sextant annotate head.nii.gz -m annotation_hippocampus --points points.json -o mask.nii.gz',
    'sextant annotate head.nii.gz -m annotation_any --space ras \\',
    '    --points "-31,-20,-14 -18,-25,-10 -24,-8,-22 -27,-38,-3 -25,-22,-2 -26,-12,-25"',
    'sextant annotate head.nii.gz -m annotation_any --points points.json --space index \\',
    '    --server 127.0.0.1:50051 --preview mask.png --json',
    'sextant annotate scans/ct --volume 2 -m annotation_any --points points.json -o mask.nii.gz',
    'sextant annotate --session 3f2a91c0 -m annotation_any --points points.json -o mask.nii.gz',
  ],
  run: annotateImage,
};

/** What is clicked on: an image of this machine, or a server's. */
type Clicked =
  | { readonly imagePath: string }
  | { readonly sessionId: string; readonly server: string; readonly image?: string };

async function annotateImage({
  settings,
  operands: [imagePath],
}: Call<(typeof SETTINGS_READ)[number]>): Promise<number> {
  const clicked = await clickedOn(imagePath, settings);
  const output = settings.output ?? defaultOutput(clicked);
  await checkOutput(output, { flag: '--output', endings: ['.nii.gz', '.nii'], input: imagePath });
  if (settings.preview !== undefined) {
    const place = { flag: '--preview', endings: ['.png'], input: imagePath };
    await checkOutput(settings.preview, place);
  }
  const progress = progressLine();
  try {
    const question = {
      model: requiredModel(settings),
      ...(await readPoints(requiredPoints(settings), settings.space)),
      signal: interruption(),
      onStep: progress.show,
      onNote: progress.say,
    };
    const { answer, preview } = await ask(question, clicked, settings);
    await writeOutputs([await maskFile(answer, output), ...preview]);
    progress.clear();
    tell(answer, output, settings);
    return EXIT_CODES.ok;
  } finally {
    progress.clear();
  }
}

async function clickedOn(
  imagePath: string | undefined,
  { session, server, frame, volume, preview }: AnnotateSettings,
): Promise<Clicked> {
  if (session === undefined) {
    if (imagePath !== undefined) return { imagePath };
    throw missing('IMAGE', 'one IMAGE, or --session', '--help shows examples');
  }
  if (imagePath !== undefined) throw notBoth('IMAGE', imagePath, 'leave one of them out');
  if (volume !== undefined) throw notBoth('--volume', volume, 'a session has its volume');
  if (frame !== undefined) throw notBoth('--frame', `${frame}`, 'a session has its frame');
  if (preview !== undefined) {
    const remedy =
      'a preview needs the file: give IMAGE and --server, which does not send it again';
    throw notBoth('--preview', preview, remedy);
  }
  const { rememberedSession } = await import('./remembered-session.ts');
  return await rememberedSession(session, { subject: '--session', server });
}

interface Asked {
  readonly answer: Answer;
  readonly preview: readonly OutputFile[];
}

/** Each way is imported only when it is gone: the addon is not needed to ask a server. */
async function ask(
  question: Question,
  clicked: Clicked,
  settings: AnnotateSettings,
): Promise<Asked> {
  if ('sessionId' in clicked) {
    const { annotateSession } = await import('./annotate-there.ts');
    return { answer: await annotateSession(question, clicked), preview: [] };
  }
  const { frame, volume, tilt, uneven, server, volumeLimit: volumeLimitBytes } = settings;
  const { signal, onStep } = question;
  const isCompressed = server !== undefined;
  const how = { volume, tilt, uneven, volumeLimitBytes, isCompressed, signal, onStep };
  await using image = await niftiImage(clicked.imagePath, how);
  const { imagePath, givenPath, madeOf } = image;
  const about = { ...question, imagePath, givenPath, madeOf, frame, volumeLimitBytes };
  const answer = await askAboutImage(about, settings);
  const preview = await previewFiles(about, answer, settings);
  return { answer: { ...answer, warnings: [...image.warnings, ...answer.warnings] }, preview };
}

async function askAboutImage(question: ImageQuestion, settings: AnnotateSettings): Promise<Answer> {
  if (settings.server === undefined) {
    const { annotateHere } = await import('./annotate-here.ts');
    return await annotateHere(question, settings);
  }
  const { annotateThere } = await import('./annotate-there.ts');
  return await annotateThere(question, settings.server);
}

async function maskFile({ mask }: Answer, output: string): Promise<OutputFile> {
  const compressed = output.toLowerCase().endsWith('.gz');
  return { path: output, bytes: compressed ? mask : await inflated(mask) };
}

async function previewFiles(
  question: ImageQuestion,
  { mask }: Answer,
  { preview }: AnnotateSettings,
): Promise<OutputFile[]> {
  if (preview === undefined) return [];
  question.onStep('drawing the preview');
  const { previewOf } = await import('./preview-of.ts');
  return [{ path: preview, bytes: await previewOf(question, mask) }];
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
function defaultOutput(clicked: Clicked): string {
  const image = 'imagePath' in clicked ? clicked.imagePath : (clicked.image ?? 'session');
  return `${imageStem(resolve(image))}-mask.nii.gz`;
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

function notBoth(subject: string, got: string, remedy: string): SextantError {
  return new SextantError('CONFIG_INVALID', {
    ...{ subject, got: `"${got}"`, expected: 'nothing beside --session', remedy },
  });
}
