#!/usr/bin/env node
// Builds the addon: node scripts/build-addon.mjs [--san=address,undefined] [--no-cuda]
// Quick when nothing changed. The sanitized build has a folder of its own, build-san.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const flags = process.argv.slice(2);
const sanitizers = flags.find((flag) => flag.startsWith('--san='))?.slice('--san='.length);
const cuda = !flags.includes('--no-cuda');
const folder = join('native', 'cuda-kernels', sanitizers ? 'build-san' : 'build');

const parallel = String(Math.min(2, availableParallelism()));
// Not CMakeCache.txt: a configuration that failed leaves one.
const configured = ['build.ninja', 'Makefile'].some((name) => existsSync(join(root, folder, name)));
if (!configured) {
  const cmakeJs = join(root, 'node_modules', 'cmake-js', 'bin', 'cmake-js');
  run(process.execPath, [
    cmakeJs,
    'configure',
    '--out',
    folder,
    ...(sanitizers ? [`--CDSAN=${sanitizers}`] : []),
    ...(cuda ? [] : ['--CDSEXTANT_CUDA=OFF']),
  ]);
}
run('cmake', ['--build', folder, '--parallel', parallel]);

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (error?.code === 'ENOENT') {
    console.error(`build-addon: ${command} is not installed (Debian: apt-get install cmake g++)`);
    process.exit(1);
  }
  if (status !== 0) process.exit(status ?? 1);
}
