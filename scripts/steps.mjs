import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
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

/** Runs a script's main function; a StepFailed becomes one line and exit status 1. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    console.error(`error: ${error.message}`);
    process.exitCode = process.exitCode || 1;
  }
}
