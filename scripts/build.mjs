// Compiles what runs into dist/. Types are checked by `npm run lint`, not here.
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main, ROOT } from './steps.mjs';

const ENTRIES = {
  'cli/main': 'cli/main.ts',
  'gateway/main': 'services/gateway/src/main.ts',
  'inference/main': 'services/inference/src/main.ts',
  'data-convert/main': 'services/data-convert/src/main.ts',
  'dicom/worker': 'packages/dicom/workers/worker.ts',
};

/**
 * Taken into dist/, so that a command starts in a fraction of the time: each of them is dozens of small
 * files, and only a part of it is used.
 */
const BUNDLED = new Set(['zod', 'jsonc-parser', 'nifti-reader-js', 'fflate', 'dicom-parser']);

/** What is bundled of CommonJS asks for Node's own modules with it. */
const REQUIRE =
  "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);";

/** Brings dist/ up to date and links the command into node_modules/.bin. */
export async function build() {
  // Imported late: on a fresh clone esbuild is there only after `npm ci`.
  const esbuild = await import('esbuild');
  const { metafile } = await esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: ENTRIES,
    outdir: 'dist',
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node20.11',
    external: externals(),
    // What is bundled, as ES modules where there are: the others look for their parts at run time.
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE },
    sourcemap: true,
    metafile: true,
    logLevel: 'warning',
  });
  // esbuild's own process would stay for as long as `npm start` serves.
  await esbuild.stop();
  removeStale(new Set(Object.keys(metafile.outputs)));
  linkCommand();
}

/** Every other package stays where npm has put it: some are native, some find files of their own. */
function externals() {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  return Object.keys(dependencies).filter((name) => !BUNDLED.has(name));
}

/** Chunks carry a hash in their names, so old ones would pile up. Emptying dist/ first would pull
 *  files from under a server that runs from it. */
function removeStale(outputs) {
  for (const entry of readdirSync(join(ROOT, 'dist'), { recursive: true, withFileTypes: true })) {
    const path = relative(ROOT, join(entry.parentPath ?? entry.path, entry.name));
    if (entry.isFile() && !outputs.has(path)) rmSync(join(ROOT, path), { force: true });
  }
}

/**
 * npm links the commands of dependencies, never those of the root itself. With this link
 * `npx --no-install sextant` finds ours and need not look for one in a registry.
 */
function linkCommand() {
  const command = join(ROOT, 'dist/cli/main.js');
  chmodSync(command, 0o755);
  const bin = join(ROOT, 'node_modules/.bin');
  mkdirSync(bin, { recursive: true });
  for (const name of ['sextant', 'tlt-dataconvert']) {
    rmSync(join(bin, name), { force: true });
    symlinkSync('../../dist/cli/main.js', join(bin, name));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(build);
