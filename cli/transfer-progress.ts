import { PROGRESS_MS, SPEED_WINDOW_MS } from './limits.ts';

const MB = 1e6;

/**
 * Tells how far a transfer is as it goes: percent, speed of the last seconds, time left. Texts come
 * at most every tenth of a second.
 *
 * @example
 * const sizes = { totalBytes: 150e6, doneBytes: 0 };
 * const progress = transferProgress({ ...sizes, what: 'sending the image', show: console.log });
 * progress.moved(1024 * 1024); // `sending the image: 0 %, 105 MB/s, 2 s left`
 */
export function transferProgress({
  totalBytes,
  doneBytes,
  what,
  show,
  nowMs = () => performance.now(),
}: {
  totalBytes: number;
  /** What was there before. */
  doneBytes: number;
  /** What is being done, in a few words. */
  what: string;
  show: (text: string) => void;
  nowMs?: () => number;
}): { moved(bytes: number): void } {
  const window = [{ atMs: nowMs(), bytes: doneBytes }];
  let bytes = doneBytes;
  let shownMs = Number.NEGATIVE_INFINITY;
  return {
    moved(more) {
      bytes += more;
      const atMs = nowMs();
      if (atMs - shownMs < PROGRESS_MS && bytes < totalBytes) return;
      shownMs = atMs;
      const [first] = window;
      show(`${what}: ${transferText({ bytes, totalBytes }, speed(first, { atMs, bytes }))}`);
      window.push({ atMs, bytes });
      while (window.length > 1 && atMs - (window[0]?.atMs ?? 0) > SPEED_WINDOW_MS) window.shift();
    },
  };
}

/** Bytes a second; 0 when nothing is known yet. */
function speed(
  from: { atMs: number; bytes: number } | undefined,
  to: { atMs: number; bytes: number },
): number {
  if (from === undefined || to.atMs <= from.atMs) return 0;
  return ((to.bytes - from.bytes) * 1000) / (to.atMs - from.atMs);
}

function transferText(
  { bytes, totalBytes }: { bytes: number; totalBytes: number },
  bytesPerSecond: number,
): string {
  const percent = `${Math.floor((100 * bytes) / totalBytes)} %`;
  if (bytesPerSecond <= 0) return percent;
  const megabytes = (bytesPerSecond / MB).toFixed(bytesPerSecond < 10 * MB ? 1 : 0);
  return `${percent}, ${megabytes} MB/s, ${timeLeft((totalBytes - bytes) / bytesPerSecond)} left`;
}

/** 75 -> `1 min 15 s`. */
export function timeLeft(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** 157286400 -> `157.3 MB`; bytes of files as file managers show them. */
export function megabytes(bytes: number): string {
  return `${(bytes / MB).toFixed(bytes < 100 * MB ? 1 : 0)} MB`;
}
