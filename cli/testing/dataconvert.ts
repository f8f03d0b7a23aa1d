import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dicomFile } from '../../packages/dicom/testing/dicom-file.ts';

/** The built command. */
export const MAIN = join(import.meta.dirname, '../../dist/cli/main.js');

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** For tests: `sextant dataconvert` as a process; one that does not end within half a minute is killed. */
export function dataconvert(...words: readonly string[]): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'dataconvert', ...words], {
    encoding: 'utf8',
    timeout: 30_000,
    killSignal: 'SIGKILL',
  });
  return { status, stdout, stderr };
}

/** Every file below a folder, sorted. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
    .sort();
}

/** A small CT, slices of noise. */
export function writeCt(folder: string, slices: number, side: number): void {
  const voxels = new Uint8Array(side * side * 2);
  for (let n = 0; n < voxels.length; n++) voxels[n] = (Math.imul(n + 1, 2654435761) >>> 13) & 0xff;
  writeSlices(folder, { slices, side, series: '1.2.3', samples: () => voxels });
}

/** A small CT, a bright block in the middle. */
export function writeBlock(folder: string, { side = 24, series = '1.2.3' } = {}): void {
  const isIn = (at: number) => at >= side / 4 && at < (3 * side) / 4;
  const samples = (slice: number) => {
    const values = Int16Array.from({ length: side * side }, (_, at) => {
      const isInside = isIn(slice) && isIn(at % side) && isIn(Math.floor(at / side));
      return (isInside ? 200 : 50) + (at % 5);
    });
    return new Uint8Array(values.buffer);
  };
  writeSlices(folder, { slices: side, side, series, samples });
}

interface Slices {
  readonly slices: number;
  readonly side: number;
  readonly series: string;
  readonly samples: (slice: number) => Uint8Array;
}

/** A CT of axial slices, 1 mm. */
export function writeSlices(folder: string, { slices, side, series, samples }: Slices): void {
  for (let slice = 0; slice < slices; slice++) {
    const bytes = dicomFile([
      ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.2'],
      ['00080018', 'UI', `${series}.${slice}`],
      ['00080060', 'CS', 'CT'],
      ['0020000E', 'UI', series],
      ['00200013', 'IS', slice + 1],
      ['00200032', 'DS', [0, 0, slice]],
      ['00200037', 'DS', [1, 0, 0, 0, 1, 0]],
      ['00280002', 'US', 1],
      ['00280004', 'CS', 'MONOCHROME2'],
      ['00280010', 'US', side],
      ['00280011', 'US', side],
      ['00280030', 'DS', [1, 1]],
      ['00280100', 'US', 16],
      ['00280101', 'US', 16],
      ['00280102', 'US', 15],
      ['00280103', 'US', 1],
      ['7FE00010', 'OW', samples(slice)],
    ]);
    writeFileSync(join(folder, `${slice}.dcm`), bytes);
  }
}
