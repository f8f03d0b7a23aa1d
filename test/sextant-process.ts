import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const ROOT = join(import.meta.dirname, '..');
export const MAIN = join(ROOT, 'dist/cli/main.js');

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process of dist/cli/main.js with its own folder for runtime sockets. */
export class Sextant {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';

  constructor(words: readonly string[], { cwd = ROOT, tmp }: { cwd?: string; tmp: string }) {
    const settings = Object.entries(process.env).filter(([name]) => !/^(SEXTANT|XDG)_/.test(name));
    const folders = { TMPDIR: tmp, XDG_STATE_HOME: join(tmp, 'state') };
    const env = { ...Object.fromEntries(settings), ...folders };
    this.child = spawn(process.execPath, [MAIN, ...words], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (chunk) => {
      this.stdout += chunk;
    });
    this.child.stderr?.on('data', (chunk) => {
      this.stderr += chunk;
    });
  }

  async ended(): Promise<Ended> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await once(this.child, 'close');
    }
    return { status: this.child.exitCode, stdout: this.stdout, stderr: this.stderr };
  }

  /** Waits for text on stdout or stderr, and gives its first group. */
  async until(pattern: RegExp): Promise<string> {
    for (const end = Date.now() + 60_000; Date.now() < end; await pause(50)) {
      const found = pattern.exec(this.stdout + this.stderr);
      if (found) return found[1] ?? found[0];
      if (this.child.exitCode !== null) break;
    }
    throw new Error(`no ${pattern} in:\n${this.stdout}${this.stderr}`);
  }

  /** The process of one service, or undefined while there is none. */
  pidOf(service: 'gateway' | 'inference'): number | undefined {
    return this.children().find((pid) => commandOf(pid).includes(`dist/${service}/main.js`));
  }

  /** The processes of its services, in no order. */
  children(): number[] {
    const { pid } = this.child;
    const path = `/proc/${pid}/task/${pid}/children`;
    return readFileSync(path, 'utf8').trim().split(/\s+/).filter(Boolean).map(Number);
  }
}

export const isAlive = (pid: number) => existsSync(`/proc/${pid}`);

export async function waitUntil(isSo: () => boolean, what: string): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end; await pause(50)) if (isSo()) return;
  throw new Error(`waited in vain until ${what}`);
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
