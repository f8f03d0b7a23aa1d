// `sextant dataconvert` beside dcm2niix: whole processes, start of Node.js included, in turn; images
// checked to be the same. NEWER_DCM2NIIX=PATH adds a newer dcm2niix than Debian's.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readNiftiHeader } from '#volume/nifti';
import { comparePairs } from '../native/cuda-kernels/test/pairs.ts';
import { buildItkImage, gridWords, ITK_IMAGE } from '../test/itk/itk-image.ts';
import { writeCt, writeSmallFiles } from './convert/ct-files.ts';
import { largestDifference, sameImage } from './convert/same-image.ts';
import { wholeProcess } from './convert/whole-process.ts';

const BIN = join(import.meta.dirname, '../dist/cli/main.js');
const SMALL_FILES = 20_000;
const MIB = 2 ** 20;
const folder = mkdtempSync(join(tmpdir(), 'sextant-bench-convert-'));
const rivals = ['dcm2niix', process.env.NEWER_DCM2NIIX].filter((path) => path !== undefined);

interface Row {
  readonly what: string;
  readonly input: string;
  readonly ours: readonly string[];
  readonly rival: string;
  /** dcm2niix's -z. */
  readonly z: 'i' | 'y' | 'n';
  readonly pairs?: number;
  readonly check?: boolean;
}

function outFolder(name: string): string {
  const path = join(folder, name);
  rmSync(path, { recursive: true, force: true });
  return path;
}

async function sextant(
  input: string,
  flags: readonly string[],
  options: { looksAtMemory?: boolean } = {},
) {
  const out = outFolder('ours');
  const args = [BIN, 'dataconvert', '-d', input, '-o', out, ...flags];
  return { ...(await wholeProcess(process.execPath, args, options)), out };
}

async function dcm2niix(program: string, input: string, z: string) {
  const out = outFolder('rival');
  mkdirSync(out);
  const args = ['-z', z, '-b', 'n', '-f', '%s', '-o', out, input];
  return { ...(await wholeProcess(program, args)), out };
}

async function compare({ what, input, ours, rival, z, pairs = 5, check = true }: Row) {
  const result = await comparePairs(
    { name: 'sextant', run: async () => (await sextant(input, ours)).ms },
    { name: rival, run: async () => (await dcm2niix(rival, input, z)).ms },
    { pairs },
  );
  const [mine, theirs] = [imagesIn(join(folder, 'ours')), imagesIn(join(folder, 'rival'))];
  const size = sizeOf(mine) / sizeOf(theirs);
  const same = check
    ? await sameImage(mine[0] ?? '', theirs[0] ?? '')
    : mine.length === theirs.length;
  const version = rival === 'dcm2niix' ? rival : 'newer dcm2niix';
  console.log(
    [
      what.padEnd(34),
      `sextant ${result.oursMs.toFixed(0).padStart(5)} ms`,
      `${version} -z ${z} ${result.rivalMs.toFixed(0).padStart(5)} ms`,
      `x${result.ratio.toFixed(2)}`,
      `size x${size.toFixed(3)}`,
      same ? 'same' : 'DIFFERENT',
    ].join('   '),
  );
  if (!same) process.exitCode = 1;
}

function imagesIn(path: string): string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.nii(\.gz)?$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

const sizeOf = (paths: readonly string[]) =>
  paths.reduce((sum, path) => sum + statSync(path).size, 0);

/** From one .nii to another at 1 mm, whole processes; ITK alone needs its filter's time of that. */
async function besideItk(ct: string): Promise<void> {
  buildItkImage();
  const { out } = await sextant(ct, ['-e', '.nii']);
  const source = join(folder, 'ct.nii');
  renameSync(imagesIn(out)[0] ?? '', source);
  const ours = () => sextant(source, ['-e', '.nii', '-r', '1']);
  const made = imagesIn((await ours()).out)[0] ?? '';
  const { grid } = await readNiftiHeader({ path: made });
  const theirs = join(folder, 'itk.nii');
  const words = ['resample', source, theirs, 'linear', '0', ...gridWords(grid)].map(String);
  const result = await comparePairs(
    { name: 'sextant', run: async () => (await ours()).ms },
    { name: 'ITK', run: async () => (await wholeProcess(ITK_IMAGE, words)).ms },
    { pairs: 5 },
  );
  const largest = await largestDifference(imagesIn(join(folder, 'ours'))[0] ?? '', theirs);
  const [mine, its] = [result.oursMs, result.rivalMs].map(
    (ms) => `${ms.toFixed(0).padStart(5)} ms`,
  );
  console.log(
    `.nii to .nii at 1 mm                 sextant ${mine}   ITK ${its}   x${result.ratio.toFixed(2)}   largest difference ${largest}`,
  );
  if (largest > 1) process.exitCode = 1;
}

/** The same slices in another transfer syntax, by GDCM; undefined, and said, where it is absent. */
function recompressed(input: string, flag: string): string | undefined {
  const out = outFolder(`ct${flag}`);
  mkdirSync(out);
  for (const name of readdirSync(input)) {
    const { status, error } = spawnSync('gdcmconv', [flag, join(input, name), join(out, name)]);
    if (error !== undefined) {
      console.log(`skipped: ${flag} of gdcmconv (Debian: libgdcm-tools): ${error.message}`);
      return undefined;
    }
    if (status !== 0) throw new Error(`gdcmconv ${flag} ended with ${status}`);
  }
  return out;
}

try {
  const ct = await writeCt(join(folder, 'ct'));
  console.log(`${ct.shape.join(' x ')} CT, ${(ct.bytes / MIB).toFixed(0)} MiB of voxels`);
  for (const rival of rivals) {
    const common = { input: ct.folder, rival };
    await compare({ ...common, what: 'to .nii.gz', ours: ['-e', '.nii.gz'], z: 'i', pairs: 3 });
    await compare({ ...common, what: 'to .nii.gz', ours: ['-e', '.nii.gz'], z: 'y' });
    await compare({ ...common, what: 'to .nii', ours: ['-e', '.nii'], z: 'n', pairs: 11 });
  }
  const idle = await wholeProcess(process.execPath, [BIN, 'dataconvert', '--help'], {
    looksAtMemory: true,
  });
  for (const flags of [
    ['-e', '.nii.gz'],
    ['-e', '.nii'],
    ['-r', '1', '-e', '.nii'],
  ]) {
    const { ms, peakMiB } = await sextant(ct.folder, flags, { looksAtMemory: true });
    const volumes = ((peakMiB - idle.peakMiB) * MIB) / ct.bytes;
    const what = `${flags.join(' ')}: ${ms.toFixed(0)} ms`;
    console.log(
      `peak memory, ${what.padEnd(24)} ${peakMiB.toFixed(0)} MiB, idle ${idle.peakMiB.toFixed(0)}: ${volumes.toFixed(2)} of the volume`,
    );
  }
  await besideItk(ct.folder);
  for (const [what, flag] of [
    ['JPEG 2000', '--j2k'],
    ['JPEG lossless', '--jpeg'],
  ] as const) {
    const input = recompressed(ct.folder, flag);
    if (input === undefined) continue;
    for (const rival of rivals) {
      await compare({ what: `${what} to .nii`, input, ours: ['-e', '.nii'], rival, z: 'n' });
    }
  }
  const small = join(folder, 'small');
  writeSmallFiles(small, SMALL_FILES);
  for (const rival of rivals) {
    const what = `${SMALL_FILES} small files to .nii`;
    await compare({
      what,
      input: small,
      ours: ['-e', '.nii'],
      rival,
      z: 'n',
      pairs: 3,
      check: false,
    });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
