import { PROGRESS_MS } from '../limits.ts';
import { timeLeft } from '../transfer-progress.ts';

/** Looking into a file takes about this part of its conversion. */
const LOOK_PART = 0.2;

const BAR_CELLS = 24;

/** A bar over all files, with the time that is left at the speed so far. */
export function conversionProgress(total: number, show: (text: string) => void) {
  const beganMs = performance.now();
  let shownMs = Number.NEGATIVE_INFINITY;
  const tell = (part: number) => {
    const nowMs = performance.now();
    if (nowMs - shownMs < PROGRESS_MS) return;
    shownMs = nowMs;
    const percent = Math.min(100, Math.floor(part * 100));
    show(`converting ${bar(part)} ${percent} %${left(part, (nowMs - beganMs) / 1000)}`);
  };
  return {
    /** So many files have been looked into. */
    looked(files: number): void {
      tell((LOOK_PART * files) / Math.max(1, total));
    },
    /** For each volume, made of so many files: hears which part of it is written. */
    volumes(fileCounts: readonly number[]): ((part: number) => void)[] {
      const all = fileCounts.reduce((sum, files) => sum + files, 0);
      let done = 0;
      return fileCounts.map((files) => {
        let own = 0;
        return (part) => {
          done += (files * (part - own)) / all;
          own = part;
          tell(LOOK_PART + (1 - LOOK_PART) * done);
        };
      });
    },
  };
}

function bar(part: number): string {
  const full = Math.round(part * BAR_CELLS);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_CELLS - full)}]`;
}

function left(part: number, seconds: number): string {
  // Too little is known at first.
  if (part < 0.02 || seconds < 0.5) return '';
  return `, ${timeLeft((seconds * (1 - part)) / part)} left`;
}
