import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  assertImages,
  type ConversionOptions,
  type Found,
  type FoundVolume,
  failureReport,
  findVolumes,
  memoryNeed,
  type OutputFormat,
  openVolume,
  outputFiles,
  reportOf,
  type VolumeReport,
} from '#conversion';
import type { DicomWorkers, SetApart } from '#dicom';
import { SextantError } from '#errors';
import { Admission } from './admission.ts';
import { allEnded } from './all-ended.ts';
import { folderProgress } from './folder-progress.ts';
import { Places } from './places.ts';
import type { Walked } from './walk.ts';
import { writeVolume } from './write-volume.ts';

export interface ConvertFoldersOptions {
  readonly workers: DicomWorkers;
  readonly input: string;
  readonly outputDir: string;
  readonly sourceFormat: string;
  readonly conversion: ConversionOptions;
  readonly level: number;
  readonly jobs: number;
  readonly memoryLimitBytes: number;
  readonly volumeLimitBytes: number;
  readonly signal: AbortSignal;
  readonly show: (text: string) => void;
}

export interface Outcome {
  readonly reports: readonly VolumeReport[];
  readonly failed: number;
  readonly apart: readonly SetApart[];
}

/** The files that a volume may have. */
const FILES_OF: Readonly<Record<OutputFormat, readonly string[]>> = {
  '.nii': ['.nii'],
  '.nii.gz': ['.nii.gz'],
  '.mha': ['.mha'],
  '.mhd': ['.mhd', '.raw', '.zraw'],
  '.nrrd': ['.nrrd'],
};

/** Files set apart that a report names. */
const MOST_NAMED = 100;

/**
 * Converts folder after folder, several volumes of a folder at once. A volume that fails is a report;
 * what concerns all of them (a cancel, a full disk) is thrown.
 *
 * @throws SextantError NO_IMAGES, CANCELLED, FILE_UNWRITABLE
 */
export async function convertFolders(
  { folders, passedOver, unreadable }: Omit<Walked, 'dispose' | 'isFile'>,
  options: ConvertFoldersOptions,
): Promise<Outcome> {
  const progress = folderProgress(folders, options.show);
  const places = new Places();
  const reports: VolumeReport[] = unreadable.map(({ relative, error }) =>
    failureReport({ name: basename(relative), fileNames: [relative] }, error),
  );
  const apart: SetApart[] = [];
  let volumes = 0;
  for (const files of folders) {
    const { signal, workers } = options;
    const found = asked(
      await findVolumes(files, { workers, signal, onProgress: progress.looked }),
      options.sourceFormat,
    );
    volumes += found.volumes.length;
    apart.push(...found.apart);
    reports.push(...(await convertAll(found, { ...options, places, progress })));
    progress.finished(files.length);
  }
  if (volumes === 0 && reports.length === 0) {
    assertAsked(passedOver, apart, options);
    assertImages({ volumes: [], apart }, options.input);
  }
  return { reports, apart, failed: reports.filter(({ failure }) => failure !== undefined).length };
}

/** Throws NO_IMAGES where there are files, but of other endings than -s says. */
function assertAsked(
  passedOver: ReadonlyMap<string, number>,
  apart: readonly SetApart[],
  { input, sourceFormat }: ConvertFoldersOptions,
): void {
  if (passedOver.size === 0 || apart.length > 0) return;
  const endings = [...passedOver].sort(([, a], [, b]) => b - a);
  const there = endings.slice(0, 8).map(([ending, count]) => `${count} ${ending || 'without one'}`);
  throw new SextantError('NO_IMAGES', {
    subject: input,
    got: `no file whose name ends in ${sourceFormat}, but others: ${there.join(', ')}`,
    expected: `files of the format that -s names, ${sourceFormat}`,
    remedy: 'give the format of the files with -s: .dcm, .nii, .nii.gz, .mha, .mhd, .nrrd or any',
  });
}

/** Of a folder with images of several formats, those that were asked for. */
function asked({ volumes, apart }: Found, sourceFormat: string): Found {
  if (sourceFormat !== '.dcm') return { volumes, apart };
  const others = volumes.filter(({ source }) => source.kind !== 'dicom');
  const named = others.map(({ source, fileNames }) => ({
    path: '',
    name: fileNames[0] ?? '',
    kind: source.kind.toUpperCase(),
  }));
  return {
    volumes: volumes.filter(({ source }) => source.kind === 'dicom'),
    apart: [...apart, ...named],
  };
}

interface FolderOptions extends ConvertFoldersOptions {
  readonly places: Places;
  readonly progress: ReturnType<typeof folderProgress>;
}

async function convertAll(
  { volumes, apart }: Found,
  options: FolderOptions,
): Promise<VolumeReport[]> {
  const { input, places, jobs, memoryLimitBytes } = options;
  const series = new Map<string, number>();
  for (const { source, folder } of volumes) {
    if (source.kind === 'dicom') series.set(folder, (series.get(folder) ?? 0) + 1);
  }
  const memory = new Admission(memoryLimitBytes);
  const threads = new Admission(jobs);
  const placed = volumes.map((found) => ({
    found,
    place: places.placeOf(found, { input, isOnly: series.get(found.folder) === 1 }),
  }));
  let done = 0;
  const named = apart.slice(0, MOST_NAMED).map(({ name, kind }) => ({ name, kind }));
  const works = placed.map(({ found, place }) => async (signal: AbortSignal) => {
    const { conversion, volumeLimitBytes } = options;
    const convert = () => convertOne(found, place, named, { ...options, signal });
    const report = await threads.run(1, async () => {
      const bytes = await memoryNeed(found, conversion, { volumeLimitBytes, signal });
      return await memory.run(bytes, convert);
    });
    options.progress.converted(++done / placed.length);
    return report;
  });
  return await allEnded(works, options.signal);
}

async function convertOne(
  found: FoundVolume,
  place: string,
  setApart: readonly { name: string; kind: string }[],
  options: FolderOptions,
): Promise<VolumeReport> {
  const { outputDir, conversion, workers, signal, volumeLimitBytes, level } = options;
  const path = join(outputDir, place);
  let report: VolumeReport;
  try {
    const converted = await openVolume(found, conversion, { workers, signal, volumeLimitBytes });
    try {
      const stem = place.split(/[/\\]/).at(-1) ?? place;
      const files = await outputFiles(converted, stem, {
        format: conversion.format,
        level,
        signal,
      });
      await writeVolume(path, files, signal);
      const names = files.map(({ suffix }) => `${place}${suffix}`);
      report = reportOf(found, converted, names);
    } finally {
      converted.dispose();
    }
  } catch (error) {
    if (!(error instanceof SextantError) || signal.aborted) throw error;
    // A full disk or a folder that is read-only is the same for every volume.
    if (error.reason === 'FILE_UNWRITABLE') throw error;
    report = failureReport(found, error);
    // With -f: what an earlier run made of it is not what this one's report says.
    const stale = FILES_OF[conversion.format].map((suffix) => `${path}${suffix}`);
    await Promise.all(stale.map((file) => rm(file, { force: true })));
  }
  const text = `${JSON.stringify({ ...report, options: conversion, setApart }, undefined, 2)}\n`;
  await writeVolume(path, [{ suffix: '.json', pieces: once(Buffer.from(text)) }], signal);
  return report;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}
