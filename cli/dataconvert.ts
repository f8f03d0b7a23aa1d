import { availableParallelism } from 'node:os';
import { startDicomWorkers } from '#dicom/workers';
import { EXIT_CODES, removeEmpty, sweepTemporaryFolders } from '#host';
import type { Call, Command } from './command.ts';
import { convertFiles } from './dataconvert/convert-files.ts';
import { required, resolutionOf } from './dataconvert/options.ts';
import { refuseInputFolders } from './dataconvert/originals.ts';
import { prepareOutput } from './dataconvert/output-folder.ts';
import { jsonText, summaryText } from './dataconvert/summary.ts';
import { assertThere, type Walked, walkInput } from './dataconvert/walk.ts';
import { interruption } from './interruption.ts';
import { progressLine } from './progress-line.ts';

const SETTINGS_READ = [
  'input',
  'resolution',
  'sourceFormat',
  'outputFormat',
  'outputDir',
  'force',
  'label',
  'tilt',
  'uneven',
  'level',
  'jobs',
  'memoryLimit',
  'volumeLimit',
  'json',
] as const;

export type DataconvertCall = Call<(typeof SETTINGS_READ)[number]>;

export const dataconvertCommand: Command<(typeof SETTINGS_READ)[number]> = {
  usage: 'sextant dataconvert -d DIR -o DIR [-r MM] [-s FORMAT] [-e FORMAT] [-f] [-l]',
  summary: [
    'Converts the images of a folder and its subfolders, or of a zip or tar: DICOM series, NIfTI,',
    'MetaImage, NRRD. The folders are kept, those in an archive too: of a DICOM folder a/b with one',
    'volume comes a/b.nii.gz, with several a/b/<series>.nii.gz; other images keep their names. The',
    'files of a series may lie in several folders: it comes where these lie. Beside each volume lies a',
    'report, .json, of what it was made of and what was changed. A volume that cannot be made, and a',
    'file that is named like an image and is none, is told by name, the others are written, and the',
    'exit status is not 0. With --json: {"volumes": the reports, "setApart": [{"name", "kind"}, ...]}.',
  ].join('\n'),
  settings: SETTINGS_READ,
  operands: { least: 0, count: Number.POSITIVE_INFINITY, name: 'MM' },
  examples: [
    'sextant dataconvert -d scans -o nifti',
    'sextant dataconvert -d scans -r 1 -s .dcm -e .nii.gz -o isotropic',
    'sextant dataconvert -l -d labelsTr -r 1 -s .nii.gz -e .nii.gz -o labels',
    'sextant dataconvert -d scan.zip -e .mha -o mha --tilt resample',
  ],
  run: dataconvert,
};

async function dataconvert({ settings, operands }: DataconvertCall): Promise<number> {
  const input = required(settings.input, '-d');
  const outputDir = required(settings.outputDir, '-o');
  const spacingMm = resolutionOf(settings.resolution, operands);
  const signal = interruption();
  const progress = progressLine();
  const workers = startDicomWorkers({ scansHere: true });
  await sweepTemporaryFolders();
  let made: readonly string[] = [];
  let walked: Walked | undefined;
  try {
    await assertThere(input);
    // Before an archive is unpacked for nothing.
    made = await prepareOutput(outputDir, { force: settings.force });
    walked = await walkInput(input, { outputDir, sourceFormat: settings.sourceFormat, signal });
    if (!walked.isFile) await refuseInputFolders(walked.files, { input, outputDir });
    const outcome = await convertFiles(walked, {
      workers,
      input,
      outputDir,
      sourceFormat: walked.isFile ? 'any' : settings.sourceFormat,
      conversion: {
        format: settings.outputFormat,
        spacingMm,
        label: settings.label,
        tilt: settings.tilt,
        uneven: settings.uneven,
      },
      level: settings.level,
      jobs: settings.jobs === 0 ? availableParallelism() : settings.jobs,
      memoryLimitBytes: settings.memoryLimit,
      volumeLimitBytes: settings.volumeLimit,
      signal,
      show: progress.show,
    });
    progress.clear();
    if (settings.json) console.log(jsonText(outcome));
    else console.log(summaryText(outcome));
    return outcome.failed === 0 ? EXIT_CODES.ok : EXIT_CODES.input;
  } finally {
    progress.clear();
    // Who gets nothing finds no folder either, and can run the same command again.
    await Promise.all([walked?.dispose(), workers.close(), removeEmpty(made)]);
  }
}
