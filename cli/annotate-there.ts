import { SextantError } from '#errors';
import type { Space } from '#geometry';
import {
  type AnnotateSummary,
  AnnotationServiceDefinition,
  MaskEncoding,
  type MaskHeader,
  PointSpace,
} from '#proto/sextant/v1/annotation';
import { SessionServiceDefinition } from '#proto/sextant/v1/session';
import { createClient, fromGridMessage, type openChannel, stageName } from '#rpc';
import { aboutImage } from '#volume';
import type { Answer, ImageQuestion, Question } from './answer.ts';
import { checkQuestion } from './check-image.ts';
import { withServer } from './connect.ts';
import { DELETE_MS, ID_PREFIX_DIGITS } from './limits.ts';
import { openSession } from './open-session.ts';
import { stepText } from './step-text.ts';
import { withWayOn } from './way-on.ts';

type Channel = ReturnType<typeof openChannel>;

const SPACES = {
  index: PointSpace.POINT_SPACE_INDEX,
  ras: PointSpace.POINT_SPACE_RAS,
  lps: PointSpace.POINT_SPACE_LPS,
} as const satisfies Record<Space, PointSpace>;

/** The click on a server: upload, session, Annotate; the session is ended in any case. */
export async function annotateThere(question: ImageQuestion, server: string): Promise<Answer> {
  const { givenPath, signal, onStep, onNote } = question;
  try {
    const { singleFile } = await checkQuestion(question);
    onStep(`connecting to ${server}`);
    return await withServer(server, signal, async (channel) => {
      const how = { channel, server, singleFile, mustRemember: false };
      const opened = await openSession(question, { ...how, show: onStep, say: onNote });
      const { sessionId } = opened.session;
      try {
        const answer = await click(channel, sessionId, question);
        return { ...answer, warnings: merged(opened.warnings, answer.warnings) };
      } catch (error) {
        const lost = 'the server holds the image: run the same command again';
        throw withWayOn(error, { signal, lost });
      } finally {
        await endQuietly(channel, sessionId);
      }
    });
  } catch (error) {
    throw aboutImage(error, givenPath);
  }
}

/** The click on a session that is open already and stays so. */
export async function annotateSession(
  question: Question,
  { sessionId, server }: { sessionId: string; server: string },
): Promise<Answer> {
  const { signal, onStep } = question;
  const short = sessionId.slice(0, ID_PREFIX_DIGITS);
  onStep(`connecting to ${server}`);
  return await withServer(server, signal, async (channel) => {
    try {
      return await click(channel, sessionId, question);
    } catch (error) {
      const lost = `session ${short} is kept by the server: run the same command again`;
      throw withWayOn(aboutSession(error, short), { signal, lost });
    }
  });
}

/** What a server calls its field is here a flag; and how to come to another session. */
function aboutSession(error: unknown, short: string): unknown {
  if (!(error instanceof SextantError)) return error;
  const { reason, got, expected } = error;
  const isOver = reason === 'SESSION_UNKNOWN' || reason === 'SESSION_EXPIRED';
  if (!isOver) return aboutImage(error, `session ${short}`);
  const remedy = 'open another with `sextant upload`';
  return new SextantError(reason, { subject: '--session', got, expected, remedy, cause: error });
}

async function endQuietly(channel: Channel, sessionId: string): Promise<void> {
  const sessions = createClient(SessionServiceDefinition, channel);
  await sessions.deleteSession({ sessionId }, { deadlineMs: DELETE_MS }).catch(() => undefined);
}

async function click(channel: Channel, sessionId: string, question: Question): Promise<Answer> {
  const annotation = createClient(AnnotationServiceDefinition, channel);
  const request = {
    sessionId,
    model: question.model,
    points: question.points.map(([x, y, z]) => ({ x, y, z })),
    space: SPACES[question.space],
    maskEncoding: MaskEncoding.MASK_ENCODING_NIFTI_GZIP,
  };
  const chunks: Uint8Array[] = [];
  let header: MaskHeader | undefined;
  let summary: AnnotateSummary | undefined;
  for await (const response of annotation.annotate(request, { signal: question.signal })) {
    const event = response.event?.event;
    if (event?.$case === 'progress') {
      const { stage, ...queue } = event.value;
      question.onStep(stepText({ stage: stageName(stage), ...queue }));
    } else if (event?.$case === 'maskHeader') header = event.value;
    else if (event?.$case === 'maskChunk') chunks.push(event.value.data);
    else if (event?.$case === 'summary') summary = event.value;
  }
  const mask = Buffer.concat(chunks);
  if (header === undefined || summary === undefined || mask.length !== header.sizeBytes) {
    throw brokenAnswer(mask.length, header?.sizeBytes);
  }
  return answerOf(mask, header, summary);
}

function answerOf(mask: Uint8Array, header: MaskHeader, summary: AnnotateSummary): Answer {
  return {
    mask,
    grid: fromGridMessage(header.grid),
    labels: header.labels,
    maskVoxels: summary.maskVoxels,
    box: { low: summary.boxLow, high: summary.boxHigh },
    stageTimes: summary.stageTimes.map(({ stage, milliseconds }) => ({
      stage: stageName(stage),
      milliseconds,
    })),
    warnings: summary.warnings,
  };
}

/** A warning about the image's header comes with the session, and may come again with the mask. */
function merged(...lists: readonly Answer['warnings'][]): Answer['warnings'] {
  const byText = new Map(lists.flat().map((warning) => [JSON.stringify(warning), warning]));
  return [...byText.values()].map(({ reason, message }) => ({ reason, message }));
}

function brokenAnswer(gotBytes: number, expectedBytes: number | undefined): SextantError {
  return new SextantError('INTERNAL', {
    subject: 'server',
    got: `${gotBytes} bytes of mask`,
    expected: `${expectedBytes ?? 'the size of a mask'} and a summary`,
    remedy: "look at the server's log",
  });
}
