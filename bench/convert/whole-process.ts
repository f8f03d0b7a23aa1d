import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

export interface ProcessRun {
  readonly ms: number;
  /** Highest resident memory seen, looked at every 2 ms; 0 where nobody looked. */
  readonly peakMiB: number;
}

/**
 * Runs a program to its end, its output thrown away; throws when it fails. Who looks at its memory takes
 * time from it on a machine of two cores.
 */
export async function wholeProcess(
  command: string,
  args: readonly string[],
  { looksAtMemory = false }: { looksAtMemory?: boolean } = {},
): Promise<ProcessRun> {
  const begin = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  let ms = 0;
  child.once('exit', () => {
    ms = performance.now() - begin;
  });
  let peakMiB = 0;
  const look = looksAtMemory
    ? setInterval(() => {
        peakMiB = Math.max(peakMiB, peakOf(child.pid));
      }, 2)
    : undefined;
  const [status] = await once(child, 'close');
  clearInterval(look);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${said}`);
  return { ms, peakMiB };
}

function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    // It has ended between two looks.
    return 0;
  }
}
