import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root; every path of these scripts is relative to it. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** A step could not be done, and its sentence says all there is to say: no stack is printed. */
export class StepFailed extends Error {}

/** Runs a command, in the root unless told, its output passed through; throws when it fails. */
export function run(command, args, { cwd = ROOT, env = {} } = {}) {
  const options = { cwd, stdio: 'inherit', env: { ...process.env, ...env } };
  const { status, signal, error } = spawnSync(command, args, options);
  if (error) throw new StepFailed(`${command} could not be started: ${error.message}`);
  if (status !== 0) {
    throw new StepFailed(
      `${[command, ...args].join(' ')} ended with ${signal ?? `status ${status}`}`,
    );
  }
}

/**
 * Runs `work` unless its inputs (files and folders, relative to the root) are the same as when the
 * output folder was last made. The stamp lies inside that folder, so removing it means: again.
 */
export function unlessFresh({ name, inputs, output, ignore }, work) {
  const stamp = join(ROOT, output, '.made-from');
  const digest = digestOf(inputs, ignore);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  console.log(`${name} …`);
  work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
}

function digestOf(inputs, ignore) {
  const hash = createHash('sha256').update(`${process.version} ${process.arch}`);
  for (const path of inputs.flatMap((input) => filesOf(input, ignore))) {
    hash.update(`\0${path}\0`).update(readFileSync(join(ROOT, path)));
  }
  return hash.digest('hex');
}

function filesOf(input, ignore = /^$/) {
  const path = join(ROOT, input);
  if (!existsSync(path)) return [];
  const entries = readdirSyncOrFile(path);
  if (entries === undefined) return [input];
  return entries
    .filter((entry) => !ignore.test(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const child = join(input, entry.name);
      return entry.isDirectory() ? filesOf(child, ignore) : [child];
    });
}

function readdirSyncOrFile(path) {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Runs a script's main function; a StepFailed becomes one line and exit status 1. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    console.error(`error: ${error.message}`);
    process.exitCode = 1;
  }
}
