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
import { type UploadVolumeRequest, VolumeServiceDefinition } from '#proto/sextant/v1/volume';
import { createClient, fromGridMessage, type openChannel, rechunked, stageName } from '#rpc';
import { aboutImage } from '#volume';
import { type Answer, type Question, STEPS } from './answer.ts';
import { checkImage } from './check-image.ts';
import { withServer } from './connect.ts';
import { type ImageBytes, imageBytes } from './image-bytes.ts';

type Channel = ReturnType<typeof openChannel>;

const SPACES = {
  index: PointSpace.POINT_SPACE_INDEX,
  ras: PointSpace.POINT_SPACE_RAS,
  lps: PointSpace.POINT_SPACE_LPS,
} as const satisfies Record<Space, PointSpace>;

/** Ending a session is a courtesy: it must not hold up a user who has interrupted. */
const DELETE_MS = 2000;

/** The click on a server: upload, session, Annotate; the session is ended in any case. */
export async function annotateThere(question: Question, server: string): Promise<Answer> {
  try {
    return await annotateSent(question, server);
  } catch (error) {
    throw aboutImage(error, question.imagePath);
  }
}

async function annotateSent(question: Question, server: string): Promise<Answer> {
  const { singleFile } = await checkImage(question);
  const image = await imageBytes(question, singleFile);
  question.onStep(`connecting to ${server}`);
  return await withServer(server, question.signal, async (channel) => {
    const receipt = await upload(channel, image, question);
    const sessions = createClient(SessionServiceDefinition, channel);
    const { signal } = question;
    const request = image.frame === undefined ? { receipt } : { receipt, frame: image.frame };
    const { session, warnings } = await sessions.createSession(request, { signal });
    const sessionId = session?.sessionId ?? '';
    try {
      const answer = await click(channel, sessionId, question);
      return { ...answer, warnings: merged(warnings, answer.warnings) };
    } finally {
      await sessions.deleteSession({ sessionId }, { deadlineMs: DELETE_MS }).catch(() => undefined);
    }
  });
}

/** Sends the image and returns its receipt. */
async function upload(channel: Channel, image: ImageBytes, question: Question): Promise<string> {
  const volumes = createClient(VolumeServiceDefinition, channel);
  const { sizeBytes } = image;
  const { signal, onStep } = question;
  const { uploadId } = await volumes.createUpload({ sizeBytes }, { signal });
  async function* messages(): AsyncGenerator<UploadVolumeRequest> {
    yield { part: { $case: 'header', value: { uploadId, offsetBytes: 0 } } };
    let sent = 0;
    for await (const chunk of rechunked(image.read())) {
      yield { part: { $case: 'chunk', value: chunk } };
      sent += chunk.length;
      onStep(`sending the image: ${Math.floor((100 * sent) / sizeBytes)} %`);
    }
  }
  return (await volumes.uploadVolume(messages(), { signal })).receipt;
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
    if (event?.$case === 'progress') question.onStep(STEPS[stageName(event.value.stage)] ?? '');
    else if (event?.$case === 'maskHeader') header = event.value;
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
