import { readFileSync, writeFileSync } from 'node:fs';

/** Memory that a process holds now. */
export const residentMiB = (pid: number): number => statusMiB(pid, 'VmRSS');

/** The most that it has held since it was started, or since `resetPeak`. */
export const peakMiB = (pid: number): number => statusMiB(pid, 'VmHWM');

export function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

function statusMiB(pid: number, key: string): number {
  const line = new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm');
  const [, kib] = line.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}
