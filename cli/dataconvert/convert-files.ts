import { basename, join, posix } from 'node:path';
import {
  assertImages,
  type ConversionOptions,
  type Found,
  type FoundVolume,
  failureReport,
  findVolumes,
  memoryNeed,
  openVolume,
  outputFiles,
  reportOf,
  type VolumeReport,
} from '#conversion';
import type { DicomWorkers, SetApart } from '#dicom';
import { SextantError } from '#errors';
import { Admission } from './admission.ts';
import { allEnded } from './all-ended.ts';
import { filesOf, isAnyThere, Originals } from './originals.ts';
import { Places } from './places.ts';
import { conversionProgress } from './progress.ts';
import type { Walked } from './walk.ts';
import { writeVolume } from './write-volume.ts';

export interface ConvertFilesOptions {
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

/**
 * Looks into all files, since those of a series may lie in several folders, and converts several volumes at
 * once. A volume that fails is a report; what concerns all of them (a cancel, a full disk) is thrown.
 *
 * @throws SextantError NO_IMAGES, CANCELLED, FILE_UNWRITABLE
 */
export async function convertFiles(
  { files, passedOver, unreadable }: Omit<Walked, 'dispose' | 'isFile'>,
  options: ConvertFilesOptions,
): Promise<Outcome> {
  const { signal, workers } = options;
  const progress = conversionProgress(files.length, options.show);
  const found = asked(
    await findVolumes(files, { workers, signal, onProgress: progress.looked }),
    options.sourceFormat,
  );
  if (found.volumes.length === 0 && unreadable.length === 0) {
    assertAsked(passedOver, found.apart, options);
    assertImages(found, options.input);
  }
  const reports = [
    ...unreadable.map(({ relative, error }) =>
      failureReport({ name: basename(relative), fileNames: [relative] }, error),
    ),
    ...(await convertAll(found, { ...options, originals: new Originals(files), progress })),
  ];
  const failed = reports.filter(({ failure }) => failure !== undefined).length;
  return { reports, apart: found.apart, failed };
}

/** Throws NO_IMAGES where there are files, but of other endings than -s says. */
function assertAsked(
  passedOver: ReadonlyMap<string, number>,
  apart: readonly SetApart[],
  { input, sourceFormat }: ConvertFilesOptions,
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

interface AllOptions extends ConvertFilesOptions {
  readonly originals: Originals;
  readonly progress: ReturnType<typeof conversionProgress>;
}

async function convertAll({ volumes, apart }: Found, options: AllOptions): Promise<VolumeReport[]> {
  const { conversion, volumeLimitBytes, jobs, memoryLimitBytes } = options;
  const memory = new Admission(memoryLimitBytes);
  const threads = new Admission(jobs);
  const placed = placesOf(volumes, options.input);
  const apartIn = namedByFolder(apart);
  const parts = options.progress.volumes(volumes.map(({ fileNames }) => fileNames.length));
  const works = placed.map(({ found, place }, n) => async (signal: AbortSignal) => {
    const onProgress = (part: number) => parts[n]?.(part);
    const setApart = apartIn.get(found.folder) ?? [];
    const convert = () => convertOne(found, place, setApart, { ...options, signal, onProgress });
    const report = await threads.run(1, async () => {
      const bytes = await memoryNeed(found, conversion, { volumeLimitBytes, signal });
      return await memory.run(bytes, convert);
    });
    onProgress(1);
    return report;
  });
  return await allEnded(works, options.signal);
}

function placesOf(volumes: readonly FoundVolume[], input: string) {
  const places = new Places();
  const series = new Map<string, number>();
  for (const { source, folder } of volumes) {
    if (source.kind === 'dicom') series.set(folder, (series.get(folder) ?? 0) + 1);
  }
  return volumes.map((found) => ({
    found,
    place: places.placeOf(found, { input, isOnly: series.get(found.folder) === 1 }),
  }));
}

/** What was set apart, as the reports of a folder's volumes name it. */
function namedByFolder(
  apart: readonly SetApart[],
): ReadonlyMap<string, { name: string; kind: string }[]> {
  const folders = new Map<string, { name: string; kind: string }[]>();
  for (const { name, kind } of apart) {
    const folder = posix.dirname(name).replace(/^\.$/, '');
    const known = folders.get(folder);
    if (known === undefined) folders.set(folder, [{ name, kind }]);
    else known.push({ name, kind });
  }
  return folders;
}

const EARLIER_KEPT = 'what an earlier run made of it is still there, with its report';

async function convertOne(
  found: FoundVolume,
  place: string,
  setApart: readonly { name: string; kind: string }[],
  options: AllOptions & { readonly onProgress: (part: number) => void },
): Promise<VolumeReport> {
  const { outputDir, conversion, workers, signal, volumeLimitBytes, level, onProgress } = options;
  const path = join(outputDir, place);
  const targets = filesOf(path, conversion.format);
  let report: VolumeReport;
  try {
    await options.originals.refuse(targets);
  } catch (error) {
    if (!(error instanceof SextantError)) throw error;
    return failureReport(found, error, place);
  }
  try {
    const opening = { workers, signal, volumeLimitBytes, onProgress };
    const converted = await openVolume(found, conversion, opening);
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
    // With -f: an earlier run's volume stays, and so does the report that says what it is.
    if (await isAnyThere(targets.volume)) {
      const message = `${error.message}; ${EARLIER_KEPT}`;
      return failureReport(found, { reason: error.reason, message }, place);
    }
    report = failureReport(found, error, place);
  }
  const text = `${JSON.stringify({ ...report, options: conversion, setApart }, undefined, 2)}\n`;
  // Whatever the signal says: a volume without its report is nobody's, and -f does not replace it.
  await writeVolume(path, [{ suffix: '.json', pieces: once(Buffer.from(text)) }]);
  return report;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}
