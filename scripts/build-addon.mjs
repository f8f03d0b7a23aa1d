#!/usr/bin/env node
// Builds the addon: node scripts/build-addon.mjs [--san=address,undefined] [--no-cuda | --cuda]
// Quick when nothing changed. The sanitized build has a folder of its own, build-san. With neither
// --cuda nor --no-cuda a build stays as it was configured (at first: with CUDA where nvcc is).
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { holdLock } from './build-lock.mjs';

/** What one compiler needs at most: nvcc with Thrust. */
const BYTES_PER_JOB = 1.5 * 2 ** 30;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const flags = process.argv.slice(2);
const sanitizers = flags.find((flag) => flag.startsWith('--san='))?.slice('--san='.length) ?? '';
const folder = join('native', 'cuda-kernels', sanitizers === '' ? 'build' : 'build-san');
const choicesFile = join(root, folder, 'sextant-choices.json');

// Two builds at once would write one record of dependencies, and lose it.
holdLock(join(root, folder, '.lock'));
const before = existsSync(choicesFile) ? JSON.parse(readFileSync(choicesFile, 'utf8')) : {};
const cuda = flags.includes('--no-cuda')
  ? false
  : flags.includes('--cuda') || (before.cuda ?? true);
// Not CMakeCache.txt: a configuration that failed leaves one.
const configured = ['build.ninja', 'Makefile'].some((name) => existsSync(join(root, folder, name)));
// Libraries that are used where they are: one that has come since is looked for again.
const wanted = ['/usr/include/isa-l/igzip_lib.h', '/usr/include/gdcm-3.0/gdcmImage.h'].filter(
  (header) => existsSync(header),
);
const choices = { cuda, sanitizers, wanted };
if (!configured || JSON.stringify(before) !== JSON.stringify(choices)) {
  configure();
  writeFileSync(choicesFile, `${JSON.stringify(choices)}\n`);
}
run('cmake', ['--build', folder, '--parallel', String(jobs())]);

function configure() {
  const cmakeJs = join(root, 'node_modules', 'cmake-js', 'bin', 'cmake-js');
  run(process.execPath, [
    cmakeJs,
    'configure',
    '--out',
    folder,
    `--CDSEXTANT_CUDA=${cuda ? 'ON' : 'OFF'}`,
    ...(sanitizers === '' ? [] : [`--CDSAN=${sanitizers}`]),
  ]);
}

function jobs() {
  const memory = Math.min(totalmem(), process.constrainedMemory?.() || Number.POSITIVE_INFINITY);
  return Math.max(1, Math.min(availableParallelism(), Math.floor(memory / BYTES_PER_JOB)));
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (error?.code === 'ENOENT') {
    console.error(`build-addon: ${command} is not installed (Debian: apt-get install cmake g++)`);
    process.exit(1);
  }
  if (status !== 0) process.exit(status ?? 1);
}
