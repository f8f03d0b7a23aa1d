import { lstat, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { InputFile, OutputFormat } from '#conversion';
import { SextantError } from '#errors';
import { MOST_REPORT_BYTES } from '../limits.ts';

/** The files that a volume may have. */
const SUFFIXES: Readonly<Record<OutputFormat, readonly string[]>> = {
  '.nii': ['.nii'],
  '.nii.gz': ['.nii.gz'],
  '.mha': ['.mha'],
  '.mhd': ['.mhd', '.raw'],
  '.nrrd': ['.nrrd'],
};

/** The paths that a volume may be written to. */
export interface VolumeFiles {
  readonly volume: readonly string[];
  readonly report: string;
}

/** @param path of the files without ending */
export function filesOf(path: string, format: OutputFormat): VolumeFiles {
  return { volume: SUFFIXES[format].map((suffix) => `${path}${suffix}`), report: `${path}.json` };
}

/** Whether one of the files is there. */
export async function isAnyThere(paths: readonly string[]): Promise<boolean> {
  return (await Promise.all(paths.map(isThere))).includes(true);
}

/** A link is there, wherever it leads. */
async function isThere(path: string): Promise<boolean> {
  return await lstat(path).then(Boolean, () => false);
}

/** What nothing that is written may replace: all but what an earlier conversion wrote and its report names. */
export class Originals {
  readonly #files: readonly InputFile[];
  #paths: Promise<ReadonlySet<string>> | undefined;

  constructor(files: readonly InputFile[]) {
    this.#files = files;
  }

  /** Throws OUTPUT_EXISTS where one of the files is there and is not to be replaced. */
  async refuse({ volume, report }: VolumeFiles): Promise<void> {
    const named = await namedBy(report);
    for (const path of volume) {
      if (!(await isThere(path))) continue;
      // What an earlier run has made may be converted in its turn.
      if (await this.#isInput(path)) throw kept(path, 'a file that is to be converted');
      if (named?.has(basename(path))) continue;
      throw kept(path, 'a file that no report of a conversion names');
    }
    if (named === undefined && (await isThere(report))) {
      throw kept(report, 'a file that is no report of a conversion');
    }
  }

  async #isInput(path: string): Promise<boolean> {
    this.#paths ??= realPaths(this.#files);
    return (await this.#paths).has(await realpath(path).catch(() => path));
  }
}

/**
 * Throws OUTPUT_EXISTS where files would be written into a folder that holds originals, whatever paths lead
 * there.
 */
export async function refuseInputFolders(
  files: readonly InputFile[],
  { input, outputDir }: { input: string; outputDir: string },
): Promise<void> {
  const relatives = [...new Set(files.map(({ name }) => dirname(name)))];
  const inputs = new Set(
    await Promise.all(
      [input, ...relatives.map((one) => join(input, one))].map((one) => realpath(one)),
    ),
  );
  // The only volume of a DICOM folder lies beside it under its name.
  const written = new Set(['.', ...relatives, ...relatives.map(dirname)]);
  for (const relative of written) {
    const path = join(outputDir, relative);
    const real = await realpath(path).catch(() => undefined);
    if (real !== undefined && inputs.has(real)) throw kept(path, 'a folder of the input');
  }
}

async function realPaths(files: readonly InputFile[]): Promise<ReadonlySet<string>> {
  const paths = new Set<string>();
  for (const { path } of files) paths.add(await realpath(path).catch(() => path));
  return paths;
}

/** What a report begins with, as JSON.stringify indents it. */
const REPORT_BEGIN = '{\n  "source": {\n    "name": ';

/** The names of the files that a report was written for; undefined: it is none of ours. */
async function namedBy(report: string): Promise<ReadonlySet<string> | undefined> {
  const there = await stat(report).catch(() => undefined);
  if (!there?.isFile() || there.size > MOST_REPORT_BYTES) return undefined;
  const text = await readFile(report, 'utf8').catch(() => '');
  if (!text.startsWith(REPORT_BEGIN)) return undefined;
  try {
    const { output } = JSON.parse(text) as { output?: { files?: unknown } };
    const files = Array.isArray(output?.files) ? output.files : [];
    return new Set(files.map((name) => basename(String(name))));
  } catch {
    return undefined;
  }
}

function kept(subject: string, got: string): SextantError {
  return new SextantError('OUTPUT_EXISTS', {
    subject,
    got,
    expected: 'a place where nothing of yours is replaced',
    remedy:
      'give another folder with -o: -f replaces only what a conversion wrote and its report names',
  });
}
