import { PROGRESS_MS } from '../limits.ts';
import { timeLeft } from '../transfer-progress.ts';
import type { Walked } from './walk.ts';

/** Looking into a file takes about this part of its conversion. */
const LOOK_PART = 0.2;

const BAR_CELLS = 24;

/** A bar over all files of all folders, with the time that is left at the speed so far. */
export function folderProgress(folders: Walked['folders'], show: (text: string) => void) {
  const total = folders.flat().length;
  const beganMs = performance.now();
  let finished = 0;
  let at = 0;
  let looked = 0;
  let shownMs = Number.NEGATIVE_INFINITY;
  const tell = () => {
    const nowMs = performance.now();
    if (nowMs - shownMs < PROGRESS_MS) return;
    shownMs = nowMs;
    const part = Math.min(1, (finished + at) / Math.max(1, total));
    show(
      `converting ${bar(part)} ${Math.floor(part * 100)} %${left(part, (nowMs - beganMs) / 1000)}`,
    );
  };
  return {
    /** So many files of the folder at hand have been looked into. */
    looked(files: number): void {
      looked = files;
      at = LOOK_PART * files;
      tell();
    },
    /** This part of the folder's volumes is written. */
    converted(part: number): void {
      at = looked * (LOOK_PART + (1 - LOOK_PART) * part);
      tell();
    },
    finished(files: number): void {
      finished += files;
      at = 0;
      tell();
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
