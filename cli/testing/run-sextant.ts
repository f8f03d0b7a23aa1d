import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
// By path: a test runs the program in a folder without node_modules.
const LOADER = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const MAIN = join(ROOT, 'cli/main.ts');

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** For tests: starts the command line as a process of its own, from its source. */
export function startSextant(
  words: readonly string[],
  { cwd = ROOT, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [`--import=${LOADER}`, MAIN, ...words], {
    cwd,
    env: { ...withoutSettings(process.env), XDG_STATE_HOME: stateOfTests(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stdout = textOf(child.stdout);
  const stderr = textOf(child.stderr);
  const ended = once(child, 'close').then(async ([status]) => ({
    status: status as number | null,
    stdout: await stdout,
    stderr: await stderr,
  }));
  return { child, ended };
}

export function runSextant(...given: Parameters<typeof startSextant>): Promise<Ended> {
  return startSextant(...given).ended;
}

/** For tests: a folder that is gone after the test. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'sextant-cli-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

async function textOf(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = '';
  for await (const chunk of stream ?? []) text += chunk;
  return text;
}

/** What tests remember is nothing of the developer's, and gone with them. */
function stateOfTests(): string {
  if (stateFolder === undefined) {
    const made = temporaryFolder();
    process.once('exit', made.remove);
    stateFolder = made.path;
  }
  return stateFolder;
}

let stateFolder: string | undefined;

/** A developer's own settings must not steer a test. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('SEXTANT_')));
}
