// Brings a fresh clone, or one that has moved on, to where it can run: system packages, npm
// packages, generated code, the addon, dist/. Each step that has nothing to do is skipped.
import { fileURLToPath } from 'node:url';
import { main, run, StepFailed, unlessFresh } from './steps.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

const OLDEST_NODE = [20, 11];

/** @param {{tests?: boolean}} options with `tests`, what the tests compare with is installed too */
export async function setup({ tests = false } = {}) {
  checkNode();
  ensureSystemPackages({ tests });
  // Without --ignore-scripts onnxruntime-node's own script fetches CUDA libraries.
  unlessFresh({ name: 'npm packages', inputs: ['package-lock.json'], output: 'node_modules' }, () =>
    run('npm', ['ci', '--ignore-scripts']),
  );
  run('node', ['scripts/generate.mjs']);
  unlessFresh(
    {
      name: 'the native addon',
      inputs: ['native', 'CMakeLists.txt', 'scripts/build-addon.mjs', 'package-lock.json'],
      output: 'native/cuda-kernels/build',
      ignore: /^build|\.ts$|\.md$|^node_modules$/,
    },
    () => run('node', ['scripts/build-addon.mjs']),
  );
  const { build } = await import('./build.mjs');
  await build();
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw new StepFailed(
    `Node.js ${process.versions.node} is too old: Sextant needs ${OLDEST_NODE.join('.')} or newer`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(() => setup({ tests: process.argv.includes('--test') }));
}
