import { readdirSync, readFileSync } from 'node:fs';

/** Threads of a process that run or could run at this instant, by what the addon calls them. */
export interface ThreadCounts {
  /** Threads that a network was started on. */
  readonly engine: number;
  /** ONNX Runtime's own pool. */
  readonly pool: number;
  readonly operations: number;
}

const NAMES = { engine: 'sextant-engine', pool: 'sextant-ort', operations: 'sextant-ops' };

/** Of /proc/PID/task: Linux only. */
export function countThreads(pid: number): ThreadCounts {
  const running = { engine: 0, pool: 0, operations: 0 };
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const stat = read(`/proc/${pid}/task/${thread}/stat`);
    // "123 (name) R …"
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    if (stat[stat.lastIndexOf(')') + 2] !== 'R') continue;
    for (const [kind, own] of Object.entries(NAMES) as [keyof ThreadCounts, string][]) {
      if (name === own) running[kind] += 1;
    }
  }
  return running;
}

/** The processes that a process has started, with their command lines. */
export function childrenOf(pid: number): { pid: number; command: string }[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    read(`/proc/${pid}/task/${thread}/children`).split(' '),
  );
  return children
    .filter((child) => child !== '')
    .map((child) => ({
      pid: Number(child),
      command: read(`/proc/${child}/cmdline`).replaceAll('\0', ' '),
    }));
}

/** Empty for what has ended meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
