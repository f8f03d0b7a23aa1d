import type { Clicked, OnStage, Stage as StageName } from '#annotation';
import {
  type AnnotateEvent,
  type AnnotateSummary,
  type MaskEncoding,
  type MaskHeader,
  Stage,
} from '#proto/sextant/v1/annotation';
import { chunksOf, toGridMessage } from '#rpc';

/** What a click reports of its progress. */
export type Step = Parameters<OnStage>;

/** A click as the stream tells it: stages, then the mask's header, its chunks, and the summary. */
export async function* eventsOf(
  steps: AsyncGenerator<Step, Clicked, undefined>,
  { encoding, requestId }: { encoding: MaskEncoding; requestId: string },
): AsyncGenerator<AnnotateEvent> {
  const clicked = yield* progress(steps);
  yield { event: { $case: 'maskHeader', value: headerOf(clicked, encoding) } };
  for (const data of chunksOf(clicked.mask)) {
    yield { event: { $case: 'maskChunk', value: { data } } };
  }
  yield { event: { $case: 'summary', value: summaryOf(clicked, requestId) } };
}

async function* progress(
  steps: AsyncGenerator<Step, Clicked, undefined>,
): AsyncGenerator<AnnotateEvent, Clicked, undefined> {
  for (;;) {
    const { done, value } = await steps.next();
    if (done === true) return value;
    const [stage, { callsAhead, expectedWaitMs } = NOWHERE] = value;
    const progress = { stage: STAGES[stage], callsAhead, expectedWaitMs };
    yield { event: { $case: 'progress', value: progress } };
  }
}

function headerOf({ grid, labels, mask }: Clicked, encoding: MaskEncoding): MaskHeader {
  return { grid: toGridMessage(grid), encoding, labels: [...labels], sizeBytes: mask.length };
}

function summaryOf(clicked: Clicked, requestId: string): AnnotateSummary {
  const { stageTimes, warnings, voxels, box } = clicked;
  return {
    stageTimes: stageTimes.map(({ stage, ms }) => ({ stage: STAGES[stage], milliseconds: ms })),
    warnings: [...warnings],
    maskVoxels: voxels,
    boxLow: [...box.low],
    boxHigh: [...box.high],
    requestId,
  };
}

/** The place in the queue of a stage that is none. */
const NOWHERE = { callsAhead: 0, expectedWaitMs: 0 };

const STAGES: Record<StageName, Stage> = {
  queue: Stage.STAGE_QUEUE,
  decode: Stage.STAGE_DECODE,
  resample: Stage.STAGE_RESAMPLE,
  transform: Stage.STAGE_TRANSFORM,
  infer: Stage.STAGE_INFER,
  restore: Stage.STAGE_RESTORE,
  encode: Stage.STAGE_ENCODE,
};
