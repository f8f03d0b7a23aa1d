// A thread that reads DICOM: headers of many files, samples of many frames. It knows no series.
import { parentPort } from 'node:worker_threads';
import { SextantError } from '#errors';
import type { FrameRequest } from '../frame-request.ts';
import { decodeFrames } from '../pixels/decode-frames.ts';
import { BYTES_OF, frameBytesOf, sampleTypeOf } from '../pixels/sample-type.ts';
import { scanFile } from '../scan/scan-file.ts';
import { type Answer, FRAME_DONE, type Refused, type Task } from './messages.ts';

const port = parentPort;
if (port === null) throw new Error('this is a worker thread');

port.on('message', async (task: Task) => {
  const answer = await answerOf(task);
  port.postMessage(answer, 'bytes' in answer ? [answer.bytes.buffer] : []);
});

async function answerOf(task: Task): Promise<Answer> {
  if (task.kind === 'scan') {
    return { scanned: task.files.map(({ path, name }) => scanFile(path, name)) };
  }
  return await decodeAll(task.requests, task.into);
}

async function decodeAll(
  requests: readonly FrameRequest[],
  into: ArrayBuffer | undefined,
): Promise<Answer> {
  const sizes = requests.map(answerBytes);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const buffer = into !== undefined && into.byteLength >= total ? into : new ArrayBuffer(total);
  let at = 0;
  let type = undefined as Awaited<ReturnType<typeof decodeFrames>>['type'] | undefined;
  for (const [n, request] of requests.entries()) {
    const size = sizes[n] as number;
    try {
      ({ type } = await decodeFrames(request, {
        into: new Uint8Array(buffer, at, size),
        onFrame: () => port?.postMessage(FRAME_DONE),
      }));
    } catch (error) {
      return { refused: refusedOf(error, request.name) };
    }
    at += size;
  }
  if (type === undefined) throw new Error('no requests');
  return { type, bytes: new Uint8Array(buffer, 0, total) };
}

function answerBytes({ layout, frames, rescale }: FrameRequest): number {
  const stored = frameBytesOf(layout) * frames.length;
  if (rescale === undefined) return stored;
  return (stored / (BYTES_OF[sampleTypeOf(layout).dtype] ?? 1)) * 4;
}

function refusedOf(error: unknown, name: string): Refused {
  if (error instanceof SextantError) {
    const { reason, subject, got, expected, remedy } = error;
    return {
      reason,
      subject: subject ?? 'pixel data',
      got: got ?? '',
      expected: expected ?? '',
      remedy,
      name,
    };
  }
  const got = error instanceof Error ? error.message : String(error);
  const isFile = (error as NodeJS.ErrnoException).code !== undefined;
  return {
    reason: isFile ? 'FILE_UNREADABLE' : 'VOLUME_CORRUPT',
    subject: 'pixel data',
    got,
    expected: 'samples that can be decoded',
    name,
  };
}
