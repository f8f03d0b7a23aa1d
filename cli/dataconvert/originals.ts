import { lstat, open, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { InputFile, OutputFormat } from '#conversion';
import { SextantError } from '#errors';

/** The files that a volume may have. */
const SUFFIXES: Readonly<Record<OutputFormat, readonly string[]>> = {
  '.nii': ['.nii'],
  '.nii.gz': ['.nii.gz'],
  '.mha': ['.mha'],
  '.mhd': ['.mhd', '.raw', '.zraw'],
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
  const there = paths.map((path) => lstat(path).then(Boolean, () => false));
  return (await Promise.all(there)).includes(true);
}

/** The files that are converted, which nothing that is written may replace. */
export class Originals {
  readonly #files: readonly InputFile[];
  #paths: Promise<ReadonlySet<string>> | undefined;

  constructor(files: readonly InputFile[]) {
    this.#files = files;
  }

  /** Throws OUTPUT_EXISTS where one of the files is an original, or a .json that is no report of ours. */
  async refuse({ volume, report }: VolumeFiles): Promise<void> {
    for (const path of [...volume, report]) {
      const real = await realpath(path).catch(() => undefined);
      if (real === undefined) continue;
      this.#paths ??= realPaths(this.#files);
      if ((await this.#paths).has(real)) throw kept(path, 'a file that is to be converted');
      if (path === report && !(await isReport(real))) {
        throw kept(path, 'a file that is no report of a conversion');
      }
    }
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

async function isReport(path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return false;
  try {
    const bytes = Buffer.alloc(REPORT_BEGIN.length);
    await file.read(bytes, 0, bytes.length, 0);
    return bytes.toString('latin1') === REPORT_BEGIN;
  } finally {
    await file.close();
  }
}

function kept(subject: string, got: string): SextantError {
  return new SextantError('OUTPUT_EXISTS', {
    subject,
    got,
    expected: 'a place where nothing of yours is replaced',
    remedy: 'give another folder with -o: -f replaces no original',
  });
}
