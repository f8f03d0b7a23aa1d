import type { AnnotateEvent } from '#proto/sextant/v1/annotation';
import type { CallInfo } from './calls.ts';
import { stageMs } from './stage-times.ts';

/** Puts what a click's summary says into the call's line in the log; other events say nothing. */
export function noteSummary({ event }: AnnotateEvent, note: CallInfo['note']): void {
  if (event?.$case !== 'summary') return;
  const { stageTimes, maskVoxels } = event.value;
  note({ maskVoxels, stageMs: stageMs(stageTimes) });
}
