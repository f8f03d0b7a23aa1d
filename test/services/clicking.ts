import {
  type AnnotateEvent,
  type AnnotateResponse,
  type AnnotateSummary,
  MaskEncoding,
  PointSpace,
  type Stage,
} from '#proto/sextant/v1/annotation';
import type { Services } from './running.ts';

export interface Question {
  readonly sessionId: string;
  readonly model: string;
  readonly points: readonly { x: number; y: number; z: number }[];
  readonly maskEncoding?: MaskEncoding;
  /** 0 unless given: every stage is told. */
  readonly progressAfterMs?: number | undefined;
}

export interface Answer {
  readonly mask: Buffer;
  readonly summary: AnnotateSummary;
}

export type EventCase = NonNullable<AnnotateEvent['event']>;

/** The stream of one click. */
export function startClick(
  services: Pick<Services, 'annotations'>,
  { points, ...question }: Question,
  signal?: AbortSignal,
): AsyncIterable<AnnotateResponse> {
  return services.annotations.annotate(
    {
      maskEncoding: MaskEncoding.MASK_ENCODING_RUN_LENGTHS,
      progressAfterMs: 0,
      ...question,
      points: [...points],
      space: PointSpace.POINT_SPACE_INDEX,
    },
    { ...(signal && { signal }) },
  );
}

/** Reads a click to its end; an answer without a summary, or with other bytes than announced, throws. */
export async function wholeClick(
  stream: AsyncIterable<AnnotateResponse>,
  onEvent: (event: EventCase) => void = () => {},
): Promise<Answer> {
  const chunks: Uint8Array[] = [];
  let sizeBytes: number | undefined;
  let summary: AnnotateSummary | undefined;
  for await (const { event } of stream) {
    const inner = event?.event;
    if (inner === undefined) continue;
    onEvent(inner);
    if (inner.$case === 'maskHeader') sizeBytes = inner.value.sizeBytes;
    if (inner.$case === 'maskChunk') chunks.push(inner.value.data);
    if (inner.$case === 'summary') summary = inner.value;
  }
  const mask = Buffer.concat(chunks);
  if (summary === undefined || mask.length !== sizeBytes) {
    throw new Error(
      `an answer of ${mask.length} bytes instead of ${sizeBytes} ends as if it were whole`,
    );
  }
  return { mask, summary };
}

/** Reads events until a stage begins; the rest stays in the iterator. */
export async function untilStage(
  events: AsyncIterator<AnnotateResponse>,
  stage: Stage,
): Promise<void> {
  for (;;) {
    const { done, value } = await events.next();
    if (done) throw new Error('the click ended before that stage');
    const event = value.event?.event;
    if (event?.$case === 'progress' && event.value.stage === stage) return;
  }
}
