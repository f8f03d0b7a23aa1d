#!/usr/bin/env node
// Runs the addon under the address and undefined-behaviour sanitizers: the native test binary (with leak
// detection) and the addon's mocha tests. A sanitizer run can be green for the wrong reason (flags
// dropped by the build, findings that do not change the exit status), so this proves itself first: the
// instrumentation must be in the files, and one planted heap overflow, one signed overflow and one leak
// must each make the native binary fail with the sanitizer's name for it.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const kernels = join(root, 'native', 'cuda-kernels');
const release = join(kernels, 'build-san', 'Release');
const addon = join(release, 'sextant_kernels.node');
const binary = join(release, 'sextant_native_test');

const UNDEFINED = 'print_stacktrace=1';
const PLANTED = [
  ['heap-overflow', 'heap-buffer-overflow'],
  ['signed-overflow', 'signed integer overflow'],
  ['leak', 'LeakSanitizer: detected memory leaks'],
];

const started = Date.now();
if (process.platform !== 'linux') {
  console.log('sanitize: skipped, the sanitizer run is made for Linux');
  process.exit(0);
}
show([process.execPath, join(root, 'scripts', 'build-addon.mjs'), '--san=address,undefined']);
assertInstrumented();
assertPlantedFaultsAreFound();
runNativeTests();
runMochaTests();
console.log(`sanitize: passed in ${Math.round((Date.now() - started) / 1000)} s`);

function assertInstrumented() {
  for (const file of [addon, binary]) {
    const { stdout } = capture(['nm', '-D', file]);
    for (const symbol of ['__asan_report_load', '__ubsan_handle_add_overflow_abort']) {
      if (!stdout.includes(symbol)) fail(`${file} was built without ${symbol}`);
    }
  }
}

function assertPlantedFaultsAreFound() {
  for (const [fault, finding] of PLANTED) {
    const { status, stdout, stderr } = capture([binary, `--plant=${fault}`], nativeEnvironment());
    if (status === 0) fail(`the planted ${fault} went by:\n${stdout}${stderr}`);
    if (!stderr.includes(finding)) {
      fail(`the planted ${fault} failed, but not with "${finding}":\n${stdout}${stderr}`);
    }
    console.log(`sanitize: the planted ${fault} makes the run fail (exit status ${status})`);
  }
}

function runNativeTests() {
  show([binary], nativeEnvironment());
}

// In node itself leaks are not counted: V8 frees nothing at the end of a process. The allocation size
// limit is a return value here, as Storage expects of calloc.
function runMochaTests() {
  const library = capture(['c++', '-print-file-name=libasan.so']).stdout.trim();
  const stdcxx = capture(['c++', '-print-file-name=libstdc++.so.6']).stdout.trim();
  const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
  show(
    [process.execPath, '--conditions=sanitized', mocha, '--timeout', '240000', ...addonTests()],
    {
      // libstdc++ beside it: the sanitizer looks for __cxa_throw when it starts, before node has
      // loaded anything that brings it.
      LD_PRELOAD: `${library}:${stdcxx}`,
      ASAN_OPTIONS: 'detect_leaks=0:allocator_may_return_null=1:quarantine_size_mb=16',
      UBSAN_OPTIONS: UNDEFINED,
    },
  );
}

function addonTests() {
  const files = readdirSync(kernels, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.test.ts') && !/(^|\/)(build[^/]*|node_modules)\//.test(file))
    .map((file) => join(kernels, file))
    .sort();
}

function nativeEnvironment() {
  return { ASAN_OPTIONS: 'detect_leaks=1:allocator_may_return_null=1', UBSAN_OPTIONS: UNDEFINED };
}

function capture([command, ...args], variables = {}) {
  const options = { encoding: 'utf8', env: { ...process.env, ...variables } };
  const result = spawnSync(command, args, options);
  if (result.error) fail(`${command}: ${result.error.message}`);
  return result;
}

function show([command, ...args], variables = {}) {
  const options = { cwd: root, stdio: 'inherit', env: { ...process.env, ...variables } };
  const { status, signal, error } = spawnSync(command, args, options);
  if (status !== 0)
    fail(`${command} ${args[0] ?? ''} ended with ${error?.message ?? signal ?? status}`);
}

function fail(message) {
  console.error(`sanitize: ${message}`);
  process.exit(1);
}
