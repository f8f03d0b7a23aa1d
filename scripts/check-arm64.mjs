#!/usr/bin/env node
// Compiles the operations for 64-bit Arm, whose addon is made and run on such machines only: here is
// seen that the code has no word of x86 outside its guards. Nothing is run. The addon's other half
// (N-API, ONNX Runtime) has no code for one processor.
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { main, ROOT, run, StepFailed } from './steps.mjs';

const COMPILER = 'aarch64-linux-gnu-g++';
const folder = join('native', 'cuda-kernels', 'build-arm64');

await main(() => {
  if (process.arch === 'arm64') {
    console.log('arm64: skipped, this machine is one, and the addon itself is compiled for it');
    return;
  }
  if (spawnSync(COMPILER, ['--version']).error) {
    const reason = `${COMPILER} is not installed (Debian: apt-get install g++-aarch64-linux-gnu)`;
    if (process.env.CI === 'true') throw new StepFailed(`arm64: ${reason}`);
    console.log(`arm64: skipped, ${reason}`);
    return;
  }
  const settings = {
    CMAKE_SYSTEM_NAME: 'Linux',
    CMAKE_SYSTEM_PROCESSOR: 'aarch64',
    CMAKE_CXX_COMPILER: COMPILER,
    CMAKE_BUILD_TYPE: 'Debug',
    SEXTANT_CUDA: 'OFF',
  };
  const definitions = Object.entries(settings).map(([name, value]) => `-D${name}=${value}`);
  run('cmake', ['-S', ROOT, '-B', folder, ...definitions]);
  const parallel = String(availableParallelism());
  run('cmake', ['--build', folder, '--target', 'sextant_operations', '--parallel', parallel]);
  console.log('arm64: the operations compile');
});
