// Brings a fresh clone, or one that has moved on, to where it can run: system packages, npm
// packages, generated code, the addon, dist/. A step that has nothing to do takes no time.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { briefProgress } from './brief-progress.mjs';
import { main, ROOT, run, StepFailed } from './steps.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

const OLDEST_NODE = [20, 11];

/** @param {{tests?: boolean}} options with `tests`, what the tests compare with is installed too */
export async function setup({ tests = false } = {}) {
  checkNode();
  ensureSystemPackages({ tests });
  installNpmPackages();
  run('node', ['scripts/generate.mjs']);
  await buildAddon();
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

/** Unless node_modules was made from this very package-lock.json. */
function installNpmPackages() {
  const lock = readFileSync(join(ROOT, 'package-lock.json'));
  const digest = createHash('sha256').update(lock).digest('hex');
  const stamp = join(ROOT, 'node_modules/.made-from');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  // Without --ignore-scripts onnxruntime-node's own script fetches CUDA libraries.
  // Warnings about what packages of packages say of Node.js are of no use to whoever starts this.
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, digest);
}

/** Its progress in a few lines; what a compiler has to say is passed through. */
async function buildAddon() {
  const stdio = ['inherit', 'pipe', 'inherit'];
  const child = spawn(process.execPath, ['scripts/build-addon.mjs'], { cwd: ROOT, stdio });
  const ended = once(child, 'close');
  const brief = briefProgress('addon');
  for await (const line of createInterface({ input: child.stdout })) {
    const shown = brief(line);
    if (shown !== undefined) console.log(shown);
  }
  const [status, signal] = await ended;
  if (status !== 0) {
    throw new StepFailed(`scripts/build-addon.mjs ended with ${signal ?? `status ${status}`}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(() => setup({ tests: process.argv.includes('--test') }));
}
